package dev.sesame.broker.delivery

import dev.sesame.WebhookSecret
import dev.sesame.WebhookVerifier
import dev.sesame.broker.BrokerProcess
import dev.sesame.broker.Http
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.io.path.readText

/** The broker's process is killed while it sends. */
class WebhookKillTest :
    FunSpec({
        test("after a kill and a start every decision that was answered for arrives, duplicates with the same id and body") {
            val dataDir = temporaryDirectory()
            val environment = mapOf("SESAME_WEBHOOK_ALLOW" to "127.0.0.0/8")
            val restarted = CountDownLatch(1)
            Receiver(answer = {
                if (restarted.count == 0L ||
                    it.path.endsWith("/quick")
                ) {
                    Reply(204)
                } else {
                    stuck(restarted)
                }
            }).use { receiver ->
                val asked = BrokerProcess.broker(dataDir, environment = environment).use { broker ->
                    val url = broker.ready()
                    val requester = Http(url, dataDir.resolve("api-key").readText().trim())
                    val admin = Http(url, dataDir.resolve("admin-token").readText().trim())
                    val asked = List(40) {
                        val callback = receiver.url + if (it % 2 == 0) "/quick" else "/stuck"
                        val fields = arrayOf("action" to "a", "summary" to "b", "dedup_key" to "$it", "callback_url" to callback)
                        requester.post("/v1/approvals", *fields).text("approval_id")!!
                    }
                    asked.forEach { admin.post("/v1/approvals/$it/decision", "decision" to "approve").status shouldBe 200 }
                    awaitThat("one is stuck at the receiver") { receiver.received.any { it.path.endsWith("/stuck") } }
                    broker.kill()
                    asked
                }
                restarted.countDown()
                BrokerProcess.broker(dataDir, environment = environment).use { broker ->
                    val admin = Http(broker.ready(), dataDir.resolve("admin-token").readText().trim())
                    awaitThat("all are delivered", seconds = 60) {
                        admin.get("/v1/admin/deliveries?state=delivered&limit=100").list("deliveries").size == asked.size
                    }
                }
                val secret = WebhookSecret.of(dataDir.resolve("webhook-secret").readText().trim())
                val verifier = WebhookVerifier(secret)
                val events = receiver.received.map { it to verifier.verify(it.bytes, it.headers.mapValues { (_, value) -> listOf(value) }) }
                events.map { it.second.approvalId }.distinct() shouldContainExactlyInAnyOrder asked
                val duplicates = events.groupBy { it.second.approvalId }.values
                duplicates.forEach { same ->
                    same.map { it.first.id }.distinct().size shouldBe 1
                    same.map { it.first.bytes.toList() }.distinct().size shouldBe 1
                }
                withClue("the one that was cut off came twice") { duplicates.any { it.size > 1 } shouldBe true }
            }
        }
    })

private fun stuck(until: CountDownLatch): Reply {
    until.await(30, TimeUnit.SECONDS)
    return Reply(204)
}
