package dev.sesame.broker.store.postgres

import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.delivery.Receiver
import dev.sesame.broker.delivery.awaitThat
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain

/** A broker on PostgreSQL, from the question to the webhook, over a restart and an outage. */
@EnabledIf(PostgresIsHere::class)
class PostgresBrokerTest :
    FunSpec({
        test("what was asked, decided and sent is there after a restart, and the audit tells of all of it") {
            val brokers = autoClose(Brokers())
            val receiver = autoClose(Receiver())
            val broker = brokers.start()
            val requester = broker.requester()
            val approver = broker.approver()
            val id = requester.asked("callback_url" to receiver.url, "dedup_key" to "once")
            val held = requester.http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=30")
            approver.approve(id)
            held.get().text("status") shouldBe "approved"
            receiver.await(1).single().id.shouldNotBeNull()
            val open = requester.asked("context" to mapOf("nul" to "a\u0000b"))
            requester.http.get("/v1/approvals?dedup_key=a%00b").status shouldNotBe 503 // no text of this engine's holds it
            broker.close()

            val again = brokers.start()
            val later = dev.sesame.broker.Http(again.url, requester.http.bearer)
            later.get("/v1/approvals/$id").text("status") shouldBe "approved"
            later.post("/v1/approvals/$open/cancel").status shouldBe 200
            val words = arrayOf("action" to "payments.refund", "summary" to "Refund A-1001")
            later.post("/v1/approvals", *words, "callback_url" to receiver.url, "dedup_key" to "once").text("approval_id") shouldBe id

            val terminal = Terminal(brokers.environment)
            terminal.run("audit", "verify").well().out shouldContain "Nothing was changed"
            terminal.run("backup", "copy.db").badly("SESAME_DATABASE_URL", "pg_dump")
            PostgresServer.execute(brokers.url, "UPDATE approvals SET status = 'denied' WHERE id = '$id'")
            terminal.run("audit", "verify").code shouldBe 1
        }

        test("while the database is away calls say when to come back; then all goes on, with nothing lost and nothing twice") {
            val brokers = autoClose(Brokers())
            val broker = brokers.start()
            val requester = broker.requester()
            val approver = broker.approver()
            val id = requester.asked()
            val held = requester.http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=50")
            PostgresServer.leave(brokers.url)
            listOf(
                { broker.nobody.get("/readyz") },
                { requester.read(id) },
                { requester.ask("dedup_key" to "during") },
                { approver.decide(id, "approve") },
            ).map { it() }.forEach {
                it.status shouldBe 503
                it.header("Retry-After") shouldBe "5"
            }
            broker.nobody.get("/healthz").status shouldBe 200
            PostgresServer.comeBack(brokers.url)
            awaitThat("the broker to be ready") { broker.nobody.get("/readyz").status == 200 }
            requester.ask("dedup_key" to "during").status shouldBe 201
            approver.approve(id)
            held.get().text("status") shouldBe "approved"
        }
    })
