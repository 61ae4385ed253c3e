package dev.sesame.broker.among

import dev.sesame.broker.Http
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.http.Feed
import dev.sesame.broker.store.postgres.Brokers
import dev.sesame.broker.store.postgres.PostgresIsHere
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

/** Two brokers on one database: whichever is called answers, and hears of what the other does. */
@EnabledIf(PostgresIsHere::class)
class SeveralBrokersTest :
    FunSpec({
        val brokers = autoClose(Brokers())
        val (here, there) = List(2) { brokers.start() }

        fun Http.atOther() = Http(there.url, bearer)

        test("a decision at one ends the wait at the other, is in its feed, and its webhook is sent once") {
            decisionsAreHeard(here, there)
        }

        test("each says how it does, and exactly one that it works for all") {
            fun saying(line: String) = listOf(here, there).count { "\n$line\n" in it.nobody.get("/metrics").text }
            awaitThat("one of them to work", seconds = 10) { saying("sesame_work_held 1.0") == 1 }
            saying("sesame_work_held 0.0") shouldBe 1
            saying("sesame_database_up 1.0") shouldBe 2
        }

        test("a key revoked at one ends its feed and its calls at the other") {
            val requester = here.requester()
            val elsewhere = requester.http.atOther()
            Feed(elsewhere).use { feed ->
                feed.next().name shouldBe "ready"
                elsewhere.get("/v1/approvals").status shouldBe 200
                here.admin.post("/v1/admin/keys/${requester.keyId}/revoke").status shouldBe 200
                feed.ends() shouldBe true
                awaitThat("the key to be refused", seconds = 3) { elsewhere.get("/v1/approvals").status == 401 }
            }
        }

        test("an approver removed at one decides nothing at the other from that moment on") {
            repeat(3) {
                val id = here.requester().asked()
                val approver = here.approver()
                Http(there.url, approver.http.bearer).get("/v1/approvals/$id").status shouldBe 200 // known there
                here.admin.post("/v1/admin/approvers/${approver.id}/revoke").status shouldBe 200
                Http(there.url, approver.http.bearer).post("/v1/approvals/$id/decision", "decision" to "approve").status shouldBe 401
                there.admin.get("/v1/approvals/$id").text("status") shouldBe "pending"
            }
        }

        test("a policy set at one holds at the other within seconds") {
            val requester = here.requester()
            val policy = "version: 1\nrules: [{name: p, action: small.thing, effect: permit}]"
            here.admin.post("/v1/admin/policies", "text" to policy).status shouldBe 201
            awaitThat("the policy to hold there", seconds = 5) {
                requester.http.atOther().post("/v1/approvals", "action" to "small.thing", "summary" to "small").text("status") == "approved"
            }
        }
    })
