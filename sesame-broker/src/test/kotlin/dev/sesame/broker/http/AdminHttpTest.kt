package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.store.ids
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

class AdminHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val admin = broker.admin

        fun http(bearer: String?) = Http(broker.url, bearer)

        test("a key is made with its requester, shown once, and works; its start says that it is self-hosted") {
            val made = admin.post("/v1/admin/keys", "requester" to "billing")
            made.status shouldBe 201
            made.json.keys shouldBe setOf("requester", "id", "mode", "key")
            made.text("mode") shouldBe "live"
            made.text("key") shouldMatch "sk_live_sh_[A-Za-z0-9_-]{43}"
            http(made.text("key")).get("/v1/approvals").shouldBeOk()
            val listed = admin.get("/v1/admin/keys")
            listed.text shouldNotContain made.text("key")!!
            listed.text shouldContain """"last_four":"${made.text("key")!!.takeLast(4)}""""
            admin.get("/v1/admin/requesters").list("requesters").count { it["name"].toString() == "\"billing\"" } shouldBe 1
        }

        test("a second key of a requester sees the same approvals, and goes on when the first is revoked") {
            val requester = broker.requester()
            val id = requester.asked()
            val second = http(admin.post("/v1/admin/keys", "requester" to requester.name).text("key"))
            second.get("/v1/approvals/$id").shouldBeOk()
            admin.post("/v1/admin/keys/${requester.keyId}/revoke").shouldBeOk()
            requester.read(id) shouldBeRefusedWith (401 to "unauthorized")
            second.get("/v1/approvals/$id").shouldBeOk()
        }

        test("a requester is added once; its name is taken then") {
            val made = admin.post("/v1/admin/requesters", "name" to "only once")
            (made.status to made.text("name")) shouldBe (201 to "only once")
            admin.post("/v1/admin/requesters", "name" to "only once") shouldBeRefusedWith (409 to "name_taken")
        }

        test("an approver is added with a token that is shown once, and works; the name is taken then") {
            val made = admin.post("/v1/admin/approvers", "name" to "Ada")
            (made.status to made.text("role")) shouldBe (201 to "approver")
            made.text("token") shouldMatch "at_[A-Za-z0-9_-]{43}"
            http(made.text("token")).get("/v1/inbox").shouldBeOk()
            http(made.text("token")).get("/v1/admin/approvers") shouldBeRefusedWith (403 to "forbidden")
            admin.get("/v1/admin/approvers").text shouldNotContain made.text("token")!!
            admin.post("/v1/admin/approvers", "name" to "Ada") shouldBeRefusedWith (409 to "name_taken")
        }

        test("lists hold neither secrets nor their hashes") {
            broker.requester()
            broker.approver()
            listOf("keys", "requesters", "approvers").forEach { noun ->
                admin.get("/v1/admin/$noun").list(noun).forEach { item ->
                    item.keys.filter { "hash" in it || "token" in it || it == "key" } shouldBe emptyList()
                    item["id"] shouldNotBe null
                }
            }
        }

        test("only an admin calls these: an approver and a key get 403, nobody 401") {
            val calls = listOf("keys", "requesters", "approvers").flatMap { noun ->
                listOf<(Http) -> Answer>(
                    { it.get("/v1/admin/$noun") },
                    { it.post("/v1/admin/$noun", "name" to "x") },
                    { it.post("/v1/admin/$noun/x/revoke") },
                )
            }.filterIndexed { index, _ -> index != 5 } // a requester is not revoked, its keys are
            calls.forEach { call ->
                call(broker.requester().http) shouldBeRefusedWith (403 to "forbidden")
                call(broker.approver().http) shouldBeRefusedWith (403 to "forbidden")
                call(broker.nobody) shouldBeRefusedWith (401 to "unauthorized")
            }
        }

        test("a revoked credential is unknown from then on, and revoking again is no error") {
            val requester = broker.requester()
            val approver = broker.approver()
            repeat(2) {
                admin.post("/v1/admin/keys/${requester.keyId}/revoke").shouldBeOk()
                admin.post("/v1/admin/approvers/${approver.id}/revoke").shouldBeOk()
            }
            requester.http.get("/v1/approvals") shouldBeRefusedWith (401 to "unauthorized")
            approver.http.get("/v1/inbox") shouldBeRefusedWith (401 to "unauthorized")
        }

        test("revocation ends a held poll with 401 within a second, and nobody else's") {
            val requester = broker.requester()
            val other = broker.approver()
            val id = requester.asked()
            val held = List(3) { requester.http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=50") }
            val others = other.http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=50")
            // They are held for as long as it takes to see that they don't end by themselves.
            runCatching { held[0].get(500, TimeUnit.MILLISECONDS) }.exceptionOrNull()!!::class shouldBe TimeoutException::class
            admin.post("/v1/admin/keys/${requester.keyId}/revoke").shouldBeOk()
            held.forEach { it.get(1, TimeUnit.SECONDS) shouldBeRefusedWith (401 to "unauthorized") }
            others.isDone shouldBe false
            other.approve(id)
            others.get(5, TimeUnit.SECONDS).text("status") shouldBe "approved"
        }

        test("revoking a requester ends its keys, held polls and feeds within a second, again the same way, and nobody else's") {
            val requester = broker.requester()
            val other = broker.requester()
            val second = http(admin.post("/v1/admin/keys", "requester" to requester.name).text("key"))
            val held = listOf(requester.http, second)
                .map { it.getLater("/v1/approvals/${requester.asked()}?wait=true&timeout_seconds=50") } + second.getLater("/v1/decisions")
            val others = other.http.getLater("/v1/approvals/${other.asked()}?wait=true&timeout_seconds=50")
            runCatching { held[0].get(500, TimeUnit.MILLISECONDS) }.exceptionOrNull()!!::class shouldBe TimeoutException::class
            val id = admin.get("/v1/admin/requesters").list("requesters").single { it["name"].toString() == "\"${requester.name}\"" }
                .getValue("id").toString().trim('"')
            val answers = List(2) { admin.post("/v1/admin/requesters/$id/revoke").shouldBeOk().text }
            answers shouldBe List(2) { """{"id":"$id"}""" }
            held.take(2).forEach { it.get(1, TimeUnit.SECONDS) shouldBeRefusedWith (401 to "unauthorized") }
            held[2].get(1, TimeUnit.SECONDS).shouldBeOk() // a stream that began well ends
            listOf(requester.http, second).forEach { it.get("/v1/approvals") shouldBeRefusedWith (401 to "unauthorized") }
            others.isDone shouldBe false
            http(admin.post("/v1/admin/keys", "requester" to requester.name).text("key")).get("/v1/approvals").ids.size shouldBe 2
            admin.post("/v1/admin/requesters/${ids.requester()}/revoke") shouldBeRefusedWith (404 to "not_found")
            requester.http.post("/v1/admin/requesters/$id/revoke") shouldBeRefusedWith (401 to "unauthorized")
            other.http.post("/v1/admin/requesters/$id/revoke") shouldBeRefusedWith (403 to "forbidden")
        }

        test("the last admin can't be revoked, an unknown credential neither") {
            val self = admin.get("/v1/admin/approvers").list("approvers").single { it["role"].toString() == "\"admin\"" }
            admin.post("/v1/admin/approvers/${self.getValue("id").toString().trim('"')}/revoke") shouldBeRefusedWith (403 to "forbidden")
            admin.get("/v1/admin/approvers").shouldBeOk()
            admin.post("/v1/admin/keys/${ids.key()}/revoke") shouldBeRefusedWith (404 to "not_found")
        }

        test("names are 1 to 100 characters, roles are two, and other fields are refused") {
            mapOf(
                admin.post("/v1/admin/requesters", "name" to "") to "name",
                admin.post("/v1/admin/requesters", "name" to "x".repeat(101)) to "name",
                admin.post("/v1/admin/requesters") to "name",
                admin.post("/v1/admin/requesters", "name" to "y", "owner" to "z") to "owner",
                admin.post("/v1/admin/keys", "requester" to 7) to "requester",
                admin.post("/v1/admin/keys", "requester" to "y", "mode" to "rehearsal") to "mode",
                admin.post("/v1/admin/approvers", "name" to "y", "role" to "owner") to "role",
                admin.post("/v1/admin/approvers", "name" to "y", "token" to "at_mine") to "token",
            ).forEach { (answer, field) ->
                answer shouldBeRefusedWith (422 to "invalid")
                answer.wrongFields shouldContainExactly listOf(field)
            }
        }
    })
