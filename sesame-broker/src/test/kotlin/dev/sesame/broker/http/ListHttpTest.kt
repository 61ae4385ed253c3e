package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import java.util.Base64

/** All pages that follow the first one of [path], each as its ids. */
internal fun Http.pages(path: String): List<List<String>> = generateSequence(get(path).shouldBeOk()) { page ->
    page.text("next_cursor")?.let { get("$path&cursor=$it").shouldBeOk() }
}.map(Answer::ids).toList()

class ListHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())

        test("a requester sees its own, newest first, twenty at a time") {
            val requester = broker.requester()
            broker.requester().asked()
            val asked = List(21) { requester.asked() }
            val page = requester.http.get("/v1/approvals").shouldBeOk()
            page.json.keys shouldBe setOf("approvals", "next_cursor")
            page.ids.size shouldBe 20
            page.list("approvals")[0] shouldBe requester.read(page.ids[0]).json
            requester.http.pages("/v1/approvals?limit=20").flatten().toSet() shouldBe asked.toSet()
        }

        test("pages show each approval once, in one order, whatever their size, and a short page is the last") {
            val requester = broker.requester()
            List(7) { requester.asked() }
            val all = requester.http.get("/v1/approvals?limit=100")
            all.text("next_cursor").shouldBeNull()
            listOf(1, 3, 7).forEach { requester.http.pages("/v1/approvals?limit=$it").flatten() shouldContainExactly all.ids }
        }

        test("what comes while somebody turns the pages doesn't move them") {
            val requester = broker.requester()
            List(5) { requester.asked() }
            val there = requester.http.get("/v1/approvals").ids
            val seen = mutableListOf<String>()
            var cursor = ""
            do {
                val page = requester.http.get("/v1/approvals?limit=2$cursor")
                seen += page.ids
                cursor = page.text("next_cursor")?.let { "&cursor=$it" }.orEmpty()
                requester.asked()
            } while (cursor.isNotEmpty())
            seen shouldContainExactly there
        }

        test("status, action and dedup_key each narrow the list") {
            val requester = broker.requester()
            val pending = requester.asked("dedup_key" to "a key & more")
            val approved = requester.asked().also { broker.approver().approve(it) }
            val other = requester.asked("action" to "mail.send")
            val http = requester.http
            http.get("/v1/approvals?status=approved").ids shouldContainExactly listOf(approved)
            http.get("/v1/approvals?status=expired").ids.shouldBeEmpty()
            http.get("/v1/approvals?action=mail.send").ids shouldContainExactly listOf(other)
            http.get("/v1/approvals?dedup_key=a%20key%20%26%20more").ids shouldContainExactly listOf(pending)
            http.get("/v1/approvals?status=pending&action=payments.refund").ids shouldContainExactly listOf(pending)
        }

        test("ids= lists those, without the absent, the foreign and the malformed ones") {
            val requester = broker.requester()
            val mine = List(3) { requester.asked() }
            val foreign = broker.requester().asked()
            val asked = listOf(mine[2], foreign, ids.approval(), "ap_x", "'", mine[0]).joinToString(",") { it.replace("'", "%27") }
            val answer = requester.http.get("/v1/approvals?ids=$asked").shouldBeOk()
            answer.ids.toSet() shouldBe setOf(mine[0], mine[2])
            answer.text("next_cursor").shouldBeNull()
            requester.http.get("/v1/approvals?ids=$foreign").ids.shouldBeEmpty()
            requester.http.get("/v1/approvals?ids=").ids.shouldBeEmpty()
        }

        test("ids= takes a hundred, and a hundred and one are refused") {
            val requester = broker.requester()
            val hundred = List(100) { requester.asked() }
            requester.http.get("/v1/approvals?ids=${hundred.joinToString(",")}").ids.toSet() shouldBe hundred.toSet()
            val more = requester.http.get("/v1/approvals?ids=${(hundred + ids.approval()).joinToString(",")}")
            more shouldBeRefusedWith (422 to "invalid")
            more.wrongFields shouldContainExactly listOf("ids")
        }

        test("a limit, cursor, status or parameter that can't be is 422 and named") {
            val http = broker.requester().http
            fun cursor(text: String) = Base64.getUrlEncoder().withoutPadding().encodeToString(text.toByteArray())
            mapOf(
                "limit=0" to "limit", "limit=101" to "limit", "limit=-1" to "limit", "limit=ten" to "limit", "limit=1.5" to "limit",
                "limit=99999999999999999999" to "limit", "cursor=x" to "cursor", "cursor=%00" to "cursor", "cursor=" to "cursor",
                "cursor=${cursor("1.ap_short")}" to "cursor", "cursor=${cursor("x.${ids.approval()}")}" to "cursor",
                "cursor=${"A".repeat(5_000)}" to "cursor", "status=open" to "status", "status=" to "status", "state=pending" to "state",
            ).forEach { (query, field) ->
                val answer = http.get("/v1/approvals?$query")
                withClue(query) {
                    answer shouldBeRefusedWith (422 to "invalid")
                    answer.wrongFields shouldContainExactly listOf(field)
                }
            }
            http.get("/v1/approvals?limit=1").shouldBeOk()
            http.get("/v1/approvals?limit=100").shouldBeOk()
        }

        test("a page of pending ones goes on past those that have just expired") {
            ClockedBroker().use { clocked ->
                val requester = clocked.requester()
                val older = List(3) { requester.asked() }
                clocked.clock.moveSeconds(1)
                List(3) { requester.asked("expires_in" to 10) }
                clocked.clock.moveSeconds(10)
                requester.http.pages("/v1/approvals?status=pending&limit=2").flatten().toSet() shouldBe older.toSet()
            }
        }
    })
