package dev.sesame.broker.egress

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.InetAddress
import java.net.ServerSocket
import java.net.UnknownHostException
import java.util.concurrent.atomic.AtomicInteger

/** DNS that answers differently each time, as an attacker's would: with a TTL of 0 it is asked anew at every turn. */
class RebindingTest :
    FunSpec({
        /** The receiver may be called, the canary's `127.0.0.1` may not: both listen at the same port. */
        val egress = allowing("127.0.0.9/32")
        val good = listOf(address("127.0.0.9"))
        val bad = listOf(address("127.0.0.1"))

        fun receiver() = Receiver(ServerSocket(0, 50, good.single())) { it.write(http("204 No Content")) }

        class Turning(private vararg val answers: List<InetAddress>) : Resolver {
            val asked = AtomicInteger()

            override fun addresses(host: String) = answers[minOf(asked.getAndIncrement(), answers.size - 1)]
        }

        test("a name that is public when it is judged and private a moment later is connected to where it was judged") {
            receiver().use { receiver ->
                Receiver(ServerSocket(receiver.port, 50, bad.single())) { it.write(http("200 Rebound")) }.use { trap ->
                    val resolver = Turning(good, bad)
                    sender(egress, resolver).use { sender ->
                        val url = "http://rebinding.example:${receiver.port}/"
                        sender.send(url, emptyMap(), byteArrayOf()).status shouldBe 204
                        resolver.asked.get() shouldBe 1
                        // From now on it is private: a connection that is still open is not used either.
                        val second = sender.send(url, emptyMap(), byteArrayOf())
                        second.status.shouldBeNull()
                        second.failure.shouldNotBeNull() shouldContain "127.0.0.1"
                    }
                    trap.connections.size shouldBe 0
                    receiver.requests.size shouldBe 1
                }
            }
        }

        test("an answer with one refused address among good ones is refused, wherever it stands") {
            receiver().use { receiver ->
                listOf(
                    good + bad,
                    bad + good,
                    good + address("::1"),
                    good + address("::ffff:10.0.0.1"),
                    good + address("2002:7f00:1::"),
                ).forEach { mixed ->
                    sender(egress, Turning(mixed)).use { sender ->
                        withClue(mixed) {
                            sender.send("http://mixed.example:${receiver.port}/", emptyMap(), byteArrayOf()).status.shouldBeNull()
                        }
                    }
                }
                receiver.connections.size shouldBe 0
            }
        }

        test("however the answers turn, the one who may not be called hears nothing") {
            receiver().use { receiver ->
                Receiver(ServerSocket(receiver.port, 50, bad.single())) { it.write(http("200 Rebound")) }.use { trap ->
                    val turns = listOf(good, bad, good + bad, emptyList())
                    val asked = AtomicInteger()
                    sender(egress, { turns[asked.getAndIncrement() * 7 % turns.size] }).use { sender ->
                        repeat(100) {
                            val sent = sender.send("http://turning.example:${receiver.port}/", emptyMap(), byteArrayOf())
                            (sent.status == null || sent.status == 204) shouldBe true
                        }
                    }
                    trap.connections.size shouldBe 0
                    receiver.requests.size shouldBe 25
                }
            }
        }

        test("DNS that knows nothing, or fails, is a failure in words") {
            sender(egress, { emptyList() }).use {
                it.send("https://nobody.example/", emptyMap(), byteArrayOf()).failure shouldBe "the host's name could not be resolved"
            }
            sender(egress, { throw UnknownHostException("resolver at 10.0.0.2 says no") }).use {
                it.send("https://nobody.example/", emptyMap(), byteArrayOf()).failure shouldBe "the host's name could not be resolved"
            }
        }
    })
