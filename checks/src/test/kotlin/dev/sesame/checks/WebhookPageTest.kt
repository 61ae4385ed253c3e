package dev.sesame.checks

import com.sun.net.httpserver.HttpServer
import dev.sesame.ExecutionState
import dev.sesame.WebhookEvent
import dev.sesame.WebhookReason
import dev.sesame.WebhookSecret
import dev.sesame.WebhookSigner
import dev.sesame.WebhookVerificationException
import dev.sesame.WebhookVerifier
import dev.sesame.contextOf
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.time.Instant
import java.util.concurrent.CopyOnWriteArrayList

/** What docs/webhooks.md shows of Kotlin and Java does what the page says. */
class WebhookPageTest :
    FunSpec({
        val rig = Rig()
        val sesame = rig.client()
        val secret = WebhookSecret.random()
        afterSpec { rig.close() }

        fun signed(body: ByteArray, with: WebhookSecret = secret, at: Instant = Instant.now()) =
            WebhookSigner(with).headers("msg_1", body, at).mapValues { listOf(it.value) }

        test("a receiver runs what was approved once, tells of a no, and answers as the page says") {
            val payments = Payments()
            val told = mutableListOf<String>()
            val logged = mutableListOf<String>()
            val receiver = Receiver(WebhookVerifier(secret), handlersExample(sesame, payments, told::add), logged::add)

            val asked = sesame.trigger("payments.refund", context = contextOf(Refund("ana", 4_200)))
            val body = Delivery.bodyOf(rig.person.approve(asked.id))
            receiver.receive(body, signed(body)) shouldBe 204
            ownTestExample(receiver, secret, body) shouldBe 204
            payments.paid.single().cents shouldBe 4_200
            sesame.find(asked.id)?.execution?.state shouldBe ExecutionState.SUCCEEDED

            val refused = sesame.trigger("payments.refund", context = contextOf(Refund("bo", 1)))
            val no = Delivery.bodyOf(rig.person.deny(refused.id, "not today"))
            receiver.receive(no, signed(no)) shouldBe 204
            told shouldContainExactly listOf("no: not today")

            receiver.receive(body, signed(body, WebhookSecret.random())) shouldBe 401
            receiver.receive(body, signed(body, at = Instant.now().minusSeconds(400))) shouldBe 401
            val text = "hello".toByteArray()
            receiver.receive(text, signed(text)) shouldBe 400
            logged.map { it.substringAfterLast(' ') } shouldContainExactly listOf("bad_signature", "too_old", "bad_json")
            payments.paid shouldHaveSize 1
        }

        test("in Java: what is genuine reaches the inbox, and every other webhook a status without a body") {
            val inbox = CopyOnWriteArrayList<WebhookEvent>()
            val reasons = CopyOnWriteArrayList<WebhookReason>()
            val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
            server.createContext("/", WebhookReceiver(secret.reveal(), inbox::add, reasons::add))
            server.start()
            try {
                val pending = sesame.trigger("payments.refund", context = contextOf(Refund("cy", 1))).approval
                val body = Delivery.bodyOf(pending, status = "approved")
                server.post(body, signed(body)) shouldBe 204
                server.post(body, signed(body, WebhookSecret.random())) shouldBe 401
                server.post("{}".toByteArray(), signed("{}".toByteArray())) shouldBe 400
                val large = ByteArray(1024 * 1024 + 1)
                server.post(large, signed(large)) shouldBe 413
                inbox.single().approvalId shouldBe pending.id
                reasons shouldContainExactly listOf(WebhookReason.BAD_SIGNATURE, WebhookReason.BAD_JSON)
            } finally {
                server.stop(0)
            }
        }

        test("while a secret is rotated, both are taken") {
            val next = WebhookSecret.random()
            val verifier = rotationExample(secret.reveal(), next.reveal())
            val body = "{}".toByteArray()
            for (each in listOf(secret, next)) verifier.authenticate(body, signed(body, each)).id shouldBe "msg_1"
        }

        test("each shape of the page verifies what is signed in it, and nothing else") {
            val theirs = WebhookSecret.plain("what the other system calls its secret")
            val body = "any body".toByteArray()
            for (shape in shapesExample()) {
                val headers = WebhookSigner(theirs, shape).headers("ignored", body).mapValues { listOf(it.value) }
                foreignExample(shape, body, headers) shouldBe null
                shouldThrow<WebhookVerificationException> { foreignExample(shape, "another".toByteArray(), headers) }
            }
        }
    })

/** The status that comes back; no answer has a body. */
private fun HttpServer.post(body: ByteArray, headers: Map<String, List<String>>): Int {
    val request = HttpRequest.newBuilder(URI("http://127.0.0.1:${address.port}/")).POST(BodyPublishers.ofByteArray(body))
    headers.forEach { (name, values) -> values.forEach { request.header(name, it) } }
    val response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray())
    response.body().size shouldBe 0
    return response.statusCode()
}
