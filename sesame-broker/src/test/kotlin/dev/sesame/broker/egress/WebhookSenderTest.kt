package dev.sesame.broker.egress

import dev.sesame.broker.delivery.Sent
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.maps.shouldContainAll
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import java.time.Clock
import kotlin.time.Duration.Companion.seconds

class WebhookSenderTest :
    FunSpec({
        val loopback = allowing("127.0.0.0/8", "::1/128")
        val headers = mapOf("webhook-id" to "msg_1", "webhook-timestamp" to "1", "webhook-signature" to "v1,a v1,b")

        suspend fun send(receiver: Receiver, body: String = "{}"): Sent =
            receiver.use { sender(loopback).use { it.send(receiver.url, headers, body.toByteArray()) } }

        test("what is sent arrives byte for byte, with its headers, and no others that tell of anything") {
            val receiver = Receiver { it.write(http("204 No Content")) }
            send(receiver, "{\"a\": \"ü\"}") shouldBe Sent(204, null, "", null)
            val request = receiver.requests.single()
            request.line shouldBe "POST /hook HTTP/1.1"
            request.body.toByteArray(Charsets.ISO_8859_1).decodeToString() shouldBe "{\"a\": \"ü\"}"
            request.headers shouldContainAll headers + mapOf("content-type" to "application/json", "accept-encoding" to "identity")
            request.headers.getValue("user-agent") shouldStartWith "Sesame-Webhooks/"
            (request.headers.keys - headers.keys) shouldBe
                setOf("content-type", "content-length", "host", "connection", "user-agent", "accept", "accept-encoding")
        }

        test("a 2xx is a success, every other status a failure that says so") {
            listOf(200, 201, 299).forEach { status ->
                val sent = send(Receiver { it.write(http("$status Odd", "thanks")) })
                withClue(status) { sent shouldBe Sent(status, null, "thanks", null) }
            }
            listOf(400, 401, 404, 408, 410, 421, 429, 500, 599).forEach { status ->
                val sent = send(Receiver { it.write(http("$status Odd", "no")) })
                withClue(status) { sent shouldBe Sent(status, "answered $status", "no", null) }
            }
            // It would mean that a proxy was asked.
            send(Receiver { it.write(http("407 Proxy")) }).status.shouldBeNull()
        }

        test("Retry-After is read, also of a success") {
            send(Receiver { it.write(http("503 Busy", "", "Retry-After: 7200")) }).retryAfter shouldBe 7200.seconds
            send(Receiver { it.write(http("429 Many", "", "Retry-After: soon")) }).retryAfter.shouldBeNull()
        }

        test("nothing is sent twice within an attempt, whatever the receiver asks for") {
            val again = "Retry-After: 0"
            val asks = listOf("503" to again, "408" to again, "421" to again, "401" to "WWW-Authenticate: Basic")
            asks.forEach { (status, header) ->
                val receiver = Receiver { it.write(http("$status Odd", "", header)) }
                withClue(status) {
                    send(receiver).status shouldBe status.toInt()
                    receiver.requests.size shouldBe 1
                }
            }
        }

        test("no redirect is followed, wherever it leads, even where it would be allowed") {
            Canary().use { canary ->
                val hostile = HostileUrl.all(canary.ports.take(1)).map { it.url }.filter { url -> url.all { it in ' '..'~' } }
                val targets = hostile + listOf("/again", "")
                sender(loopback).use { sender ->
                    targets.forEachIndexed { index, target ->
                        val status = listOf(300, 301, 302, 303, 307, 308)[index % 6]
                        Receiver { it.write(http("$status Over there", "", "Location: $target")) }.use { receiver ->
                            withClue(target) {
                                sender.send(receiver.url, headers, byteArrayOf()) shouldBe
                                    Sent(status, "answered $status: redirects are not followed", "", null)
                                receiver.requests.size shouldBe 1
                            }
                        }
                    }
                }
                canary.shouldHaveHeardNobody()
            }
        }

        test("a receiver's cookies are not kept, and its connection is used again") {
            val receiver = Receiver { it.write(http("200 OK", "", "Set-Cookie: a=b; Path=/")) }
            receiver.use {
                sender(loopback).use { sender ->
                    repeat(5) { sender.send(receiver.url, headers, byteArrayOf()).status shouldBe 200 }
                }
            }
            receiver.requests.map { it.headers["cookie"] }.toSet() shouldBe setOf(null)
            receiver.connections.size shouldBe 1
        }

        test("the proxies that the JVM was told of are not asked") {
            val names = mapOf("http.proxyHost" to "127.0.0.1", "http.nonProxyHosts" to "", "socksProxyHost" to "127.0.0.1")
            val before = names.keys.associateWith(System::getProperty)
            Receiver { it.write(http("500 A proxy was asked")) }.use { proxy ->
                try {
                    (names + mapOf("http.proxyPort" to "${proxy.port}", "socksProxyPort" to "${proxy.port}")).forEach(System::setProperty)
                    send(Receiver { it.write(http("204 No Content")) }).status shouldBe 204
                } finally {
                    before.forEach { (name, value) -> if (value == null) System.clearProperty(name) else System.setProperty(name, value) }
                    listOf("http.proxyPort", "socksProxyPort").forEach(System::clearProperty)
                }
                proxy.connections.size shouldBe 0
            }
        }

        test("of a name with several addresses, one that answers is enough") {
            Receiver { it.write(http("204 No Content")) }.use { receiver ->
                val addresses = listOf(address("127.255.255.254"), address("::1"), address("127.0.0.1"))
                sender(loopback, { addresses }).use { sender ->
                    sender.send("http://receiver.example:${receiver.port}/", headers, byteArrayOf()).status shouldBe 204
                }
            }
        }

        test("the client is made with the first webhook, not before") {
            var made = 0
            val sender = WebhookSender(Egress(), Clock.systemUTC()) { guardedClient(Egress()).also { made++ } }
            sender.send("http://127.0.0.1/", headers, byteArrayOf()).status.shouldBeNull()
            sender.close()
            made shouldBe 0
        }
    })
