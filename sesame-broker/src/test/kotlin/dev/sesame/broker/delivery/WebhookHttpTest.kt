package dev.sesame.broker.delivery

import dev.sesame.WebhookSecret
import dev.sesame.WebhookVerifier
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.http.Contract
import dev.sesame.broker.http.shouldBeRefusedWith
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlin.io.path.readText

/** From the question to the receiver, over real HTTP. */
class WebhookHttpTest :
    FunSpec({
        val secret = WebhookSecret.random()
        val broker = autoClose(TestBroker(webhookSecret = secret))
        val admin = broker.admin

        fun Received.verify(vararg secrets: WebhookSecret) =
            WebhookVerifier(secrets.toList()).verify(bytes, headers.mapValues { listOf(it.value) })

        fun endpoint(requester: String, url: String) =
            admin.post("/v1/admin/endpoints", "requester" to requester, "url" to url).also { it.status shouldBe 201 }

        test("callback_url is in the document, and gets each end of a question, signed with the broker's secret") {
            Receiver().use { receiver ->
                val requester = broker.requester()
                val approver = broker.approver()
                val asked = List(3) { requester.asked("callback_url" to receiver.url, "dedup_key" to "key $it") }
                requester.read(asked[0]).text("callback_url") shouldBe receiver.url
                approver.decide(asked[0], "approve", "note" to "fine")
                approver.decide(asked[1], "deny", "note" to "no")
                requester.http.post("/v1/approvals/${asked[2]}/cancel").status shouldBe 200
                val events = receiver.await(3).map { it.verify(secret) }.associateBy { it.approvalId }
                asked.map { events.getValue(it).type } shouldContainExactly
                    listOf("approval.approved", "approval.denied", "approval.cancelled")
                events.getValue(asked[0]).run {
                    decidedBy?.id shouldBe approver.id
                    note shouldBe "fine"
                    contextHash shouldBe requester.read(asked[0]).text("context_hash")
                    dedupKey shouldBe "key 0"
                }
                events.getValue(asked[2]).decidedBy.shouldBeNull()
                receiver.received.map { it.id }.distinct().size shouldBe 3
                receiver.received.forEach { Contract.check.faults(Contract.schema("DecisionEvent"), it.json).shouldBeEmpty() }
                receiver.received.first().headers["content-type"] shouldBe "application/json"
            }
        }

        test("the same question with another callback_url is the same question, and the first URL stays") {
            Receiver().use { first ->
                Receiver().use { second ->
                    val requester = broker.requester()
                    val id = requester.asked("callback_url" to first.url, "dedup_key" to "once")
                    val again = requester.ask("callback_url" to second.url, "dedup_key" to "once")
                    (again.status to again.text("callback_url")) shouldBe (200 to first.url)
                    broker.approver().approve(id)
                    first.await(1)
                    second.received.size shouldBe 0
                }
            }
        }

        test("endpoints get the decisions of their requester, each signed with its own secret, which wins over the callback's") {
            Receiver().use { one ->
                Receiver().use { two ->
                    val requester = broker.requester()
                    val secrets = listOf(one, two).associateWith { WebhookSecret.of(endpoint(requester.name, it.url).text("secret")!!) }
                    endpoint(broker.requester().name, one.url)
                    val id = requester.asked("callback_url" to one.url)
                    broker.approver().approve(id)
                    secrets.forEach { (receiver, own) -> receiver.await(1).single().verify(own).approvalId shouldBe id }
                    admin.get("/v1/admin/deliveries?approval_id=$id").list("deliveries").size shouldBe 2
                }
            }
        }

        test("while a secret rotates, both sign; a disabled endpoint gets nothing until it is enabled") {
            Receiver().use { receiver ->
                val requester = broker.requester()
                val made = endpoint(requester.name, receiver.url)
                val id = made.text("id")
                val rotated = admin.post("/v1/admin/endpoints/$id/rotate")
                broker.approver().approve(requester.asked())
                val both = listOf(made, rotated).map { WebhookSecret.of(it.text("secret")!!) }
                val got = receiver.await(1).single()
                both.forEach { got.verify(it) }
                got.headers.getValue("webhook-signature").split(' ').size shouldBe 2

                admin.post("/v1/admin/endpoints/$id/disable", "reason" to "maintenance").text("disabled_reason") shouldBe "maintenance"
                val asked = requester.asked("callback_url" to receiver.url)
                broker.approver().approve(asked)
                admin.get("/v1/admin/deliveries?approval_id=$asked").list("deliveries").single()["state"].toString() shouldBe "\"held\""
                admin.post("/v1/admin/endpoints/$id/enable").text("disabled_at").shouldBeNull()
                receiver.await(2).last().verify(both[1]).approvalId shouldBe asked
            }
        }

        test("a receiver that fails is tried again; what it answered is kept; redelivering sends the same id once more") {
            Receiver().use { receiver ->
                receiver.answer =
                    { if (receiver.received.size == 1) Reply(503, "come back", mapOf("Retry-After" to "1")) else Reply(200, "thanks") }
                val requester = broker.requester()
                val id = requester.asked("callback_url" to receiver.url)
                broker.approver().approve(id)
                val both = receiver.await(2)
                both.map { it.id }.distinct().size shouldBe 1
                both[0].bytes.toList() shouldBe both[1].bytes.toList()
                val path = "/v1/admin/deliveries/${both[0].id}"
                awaitThat("it is delivered") { admin.get(path).text("state") == "delivered" }
                val attempts = admin.get(path).list("attempts")
                attempts.map { "${it["status"]} ${it["answer"]}" } shouldContainExactly listOf("503 \"come back\"", "200 \"thanks\"")

                admin.post("$path/redeliver").status shouldBe 200
                receiver.await(3).last().id shouldBe both[0].id
            }
        }

        test("a redirect is a failure, and is not followed") {
            Receiver().use { other ->
                Receiver(answer = { Reply(302, "", mapOf("Location" to other.url)) }).use { receiver ->
                    val id = broker.requester().asked("callback_url" to receiver.url)
                    broker.approver().approve(id)
                    receiver.await(1)
                    awaitThat("the attempt is kept") { deliveries(admin, id).single()["attempt_count"].toString() == "1" }
                    deliveries(admin, id).single()["state"].toString() shouldBe "\"pending\""
                    other.received.size shouldBe 0
                }
            }
        }

        test("a callback_url that may not be called is refused by name, and nothing is asked") {
            val requester = broker.requester()
            listOf(
                "",
                "nonsense",
                "ftp://a.example/",
                "https://localhost/",
                "https://user@a.example/",
                "https://10.0.0.1/",
                "x".repeat(2_049),
            ).forEach {
                val refused = requester.ask("callback_url" to it)
                refused shouldBeRefusedWith (422 to "invalid")
                refused.wrongFields shouldContainExactly listOf("callback_url")
            }
            requester.http.get("/v1/approvals").ids.size shouldBe 0
        }

        test("without a secret from outside, one is made at the first start, lies in the owner's file, and signs after every start") {
            val dataDir = temporaryDirectory()
            Receiver().use { receiver ->
                val secrets = List(2) {
                    TestBroker(dataDir).use { own ->
                        own.approver().approve(own.requester().asked("callback_url" to receiver.url))
                        receiver.await(it + 1)
                    }
                    dataDir.resolve("webhook-secret").readText().trim()
                }
                secrets.distinct().size shouldBe 1
                receiver.received.forEach { it.verify(WebhookSecret.of(secrets[0])) }
            }
        }

        test("metrics count attempts and what is still owed") {
            val metrics = Http(broker.url, null).get("/metrics").text
            listOf("sesame_webhook_attempts_total{then=\"delivered\"}", "then=\"failed\"", "then=\"pending\"", "sesame_deliveries_pending")
                .filter { it !in metrics } shouldContainExactlyInAnyOrder emptyList()
        }
    })

private fun deliveries(admin: Http, approvalId: String) = admin.get("/v1/admin/deliveries?approval_id=$approvalId").list("deliveries")
