package dev.sesame.broker.inbox

import dev.sesame.broker.Browser
import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.json
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class InboxListHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val approver = broker.approver()
        val browser = broker.browser(approver)
        val row = Regex("""href="/approvals/(ap_[a-z2-7]{26})"""")

        fun listed(query: String = ""): List<String> = row.findAll(browser.get("/inbox$query").shouldBeOk().text).map {
            it.groupValues[1]
        }.toList()

        test("who isn't signed in sees no list, and how to sign in") {
            Browser(broker.url).get("/inbox").run {
                status shouldBe 401
                text shouldContain "./sesame approvers link"
            }
            listOf("sesame=st_x", "sesame=", "sesame=${"x".repeat(300)}", "__Host-sesame=st_x").forEach { cookie ->
                withClue(cookie) { Browser(broker.url).apply { this.cookie = cookie }.get("/inbox").status shouldBe 401 }
            }
        }

        test("the root leads to it") {
            browser.get("/").run { status to header("Location") } shouldBe (303 to "/inbox")
        }

        test("it shows what is pending, newest first, and apart from it what is decided") {
            listed().shouldBeEmpty()
            browser.get("/inbox").text shouldContain "Nothing waits for you"
            val ids = List(3) { requester.asked() }
            approver.approve(ids[1])
            listed() shouldContainExactly listOf(ids[2], ids[0])
            listed("?show=decided") shouldContainExactly listOf(ids[1])
            listed("?show=approved") shouldContainExactly listOf(ids[1])
            listed("?show=denied").shouldBeEmpty()
            listed("?show=nonsense") shouldContainExactly listOf(ids[2], ids[0])
        }

        test("it finds by action, requester and any words, in any case, also in the context") {
            val other = broker.requester()
            val mine = other.asked("action" to "Deploy.Production", "summary" to "Ship it", "context" to json("order" to "Zürich-77"))
            listOf("action=production", "requester=" + other.name.drop(10).take(12), "text=ZÜRICH-77", "text=ship", "text=$mine")
                .forEach { withClue(it) { listed("?$it") shouldContainExactly listOf(mine) } }
            listOf("action=nothing", "requester=nobody", "text=nothing", "action=production&text=nothing").forEach {
                withClue(it) { listed("?$it").shouldBeEmpty() }
            }
        }

        test("a long history comes in pages, each once, with the search kept") {
            val word = "paged"
            val ids = List(30) { requester.asked("summary" to "$word $it").also { id -> approver.decide(id, "deny").shouldBeOk() } }
            val next = Regex("""href="(/inbox\?[^"]*after=[^"]*)"""")
            val first = browser.get("/inbox?show=decided&text=$word").text
            val second = browser.get(next.find(first)!!.groupValues[1].replace("&amp;", "&")).text
            val found = listOf(first, second).flatMap { page -> row.findAll(page).map { it.groupValues[1] } }
            found shouldContainExactly ids.reversed()
            next.find(second) shouldBe null
        }

        test("no test request is in it: it reaches no person") {
            val id = broker.testing().asked()
            listOf("", "?show=decided", "?text=$id").forEach { (id in listed(it)) shouldBe false }
        }
    })
