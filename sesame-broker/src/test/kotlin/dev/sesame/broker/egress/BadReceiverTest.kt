package dev.sesame.broker.egress

import dev.sesame.broker.delivery.Sent
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldHaveLength
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.net.InetAddress
import java.net.ServerSocket
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTimedValue

/** Receivers that answer badly, slowly, or not at all: each costs its time limit at most, and ends as a failure in words. */
class BadReceiverTest :
    FunSpec({
        val loopback = allowing("127.0.0.0/8")
        val short = SendLimits(overall = 500.milliseconds, connect = 450.milliseconds)

        /** Far below the limit of the JVM's and OkHttp's own, far above ours. */
        val soon = 5.seconds

        suspend fun timed(url: String, limits: SendLimits = short): Sent = sender(loopback, limits = limits).use { sender ->
            val (sent, took) = measureTimedValue { sender.send(url, emptyMap(), "{}".toByteArray()) }
            took shouldBeLessThan soon
            sent
        }

        suspend fun sent(limits: SendLimits = short, answer: Receiver.(Receiver.Exchange) -> Unit): Sent =
            Receiver(answer = answer).use { timed(it.url, limits) }

        fun Sent.shouldBeNoAnswer(words: String): Sent = apply {
            status.shouldBeNull()
            failure.shouldNotBeNull() shouldContain words
        }

        test("no answer, however long the connection is held") {
            sent { hold() }.shouldBeNoAnswer("no end within 500ms")
        }

        test("a status line, byte by byte, without an end") {
            sent { exchange -> while (later()) exchange.write("H") }.shouldBeNoAnswer("no end within")
        }

        test("a 2xx whose body drips and never ends is none: better twice than never") {
            val sent = sent { exchange ->
                exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                while (later()) exchange.write("x")
            }
            sent.shouldBeNoAnswer("answered 200, but broke off: no end within 500ms").answer shouldContain "x"
        }

        test("another status with a body that drips keeps its status: 410 still stops") {
            val sent = sent { exchange ->
                exchange.write("HTTP/1.1 410 Gone\r\nContent-Length: 100000\r\n\r\nbye")
                while (later()) exchange.write("!")
            }
            sent.status shouldBe 410
            sent.failure.shouldNotBeNull() shouldContain "answered 410, and broke off"
        }

        test("of an endless body 2 KB are read, and no more is waited for") {
            listOf(200 to null, 500 to "answered 500").forEach { (status, failure) ->
                val limits = SendLimits(overall = 30.seconds)
                val sent = sent(limits) { exchange ->
                    exchange.write("HTTP/1.1 $status Endless\r\nTransfer-Encoding: chunked\r\n\r\n")
                    while (true) exchange.write("400\r\n${"y".repeat(1024)}\r\n")
                }
                sent.status shouldBe status
                sent.failure shouldBe failure
                sent.answer shouldBe "y".repeat(2048)
            }
        }

        test("a receiver that sends just what is read of a body and then stalls is not waited for") {
            val sent = sent(SendLimits(overall = 30.seconds)) { exchange ->
                exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n${"z".repeat(2048)}")
                hold()
            }
            sent.status shouldBe 200
            sent.answer shouldHaveLength 2048
        }

        test("headers beyond all measure, one or many, or without an end") {
            val ample = SendLimits(overall = 4.seconds)
            sent(ample) { it.write(http("200 OK", "", "A: ${"a".repeat(300_000)}")) }.shouldBeNoAnswer("no answer that could be read")
            sent(ample) {
                it.write(http("200 OK", "", *Array(30_000) { n -> "A$n: ${"a".repeat(20)}" }))
            }.shouldBeNoAnswer("no answer that could be read")
            sent { exchange ->
                exchange.write("HTTP/1.1 200 OK\r\n")
                while (later()) exchange.write("B: b\r\n")
            }.shouldBeNoAnswer("no end within")
        }

        test("interim answers without an end") {
            sent { exchange ->
                while (later()) exchange.write("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n")
            }.shouldBeNoAnswer("no end within")
        }

        test("a connection that is reset, before the answer or within it") {
            sent { it.reset() }.shouldBeNoAnswer("the connection broke")
            sent {
                it.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                it.reset()
            }.shouldBeNoAnswer("broke") // before the status or after it: a reset takes along what was not read yet
            sent {
                it.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                it.socket.close()
            }.shouldBeNoAnswer("answered 200, but broke off: no answer that could be read")
            sent { it.socket.close() }.shouldBeNoAnswer("")
        }

        test("what is no HTTP") {
            listOf(
                "SSH-2.0-OpenSSH_9.9\r\n",
                "220 mail.example ESMTP\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/9.9 200 OK\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "{}\r\n",
            ).forEach {
                withClue(it) {
                    sent { exchange ->
                        exchange.write(it)
                        exchange.socket.close()
                    }.shouldBeNoAnswer("")
                }
            }
            sent { it.write("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n") }.failure.shouldNotBeNull()
            sent { it.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n") }.failure.shouldNotBeNull()
        }

        test("an answer that is no UTF-8 is kept with what can be read of it") {
            val sent = sent { exchange ->
                exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
                exchange.socket.getOutputStream().write(byteArrayOf('a'.code.toByte(), 0xff.toByte(), 0xc3.toByte(), 'b'.code.toByte()))
            }
            sent.answer shouldBe "a\uFFFD\uFFFDb"
        }

        test("nobody listens") {
            val free = ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")).use { it.localPort }
            timed("http://127.0.0.1:$free/").shouldBeNoAnswer("no connection: refused, or unreachable")
        }

        test("DNS that does not answer is waited for no longer than the rest") {
            val answered = CountDownLatch(1)
            sender(loopback, { answered.await(30, TimeUnit.SECONDS).let { emptyList() } }, short).use { sender ->
                val (sent, took) = measureTimedValue { sender.send("http://slow-dns.example/", emptyMap(), byteArrayOf()) }
                took shouldBeLessThan soon
                sent.shouldBeNoAnswer("no end within")
            }
            answered.countDown()
        }

        test("whoever cancels gets the cancellation, at once, and the connection is closed") {
            val arrived = CountDownLatch(1)
            Receiver {
                arrived.countDown()
                hold()
            }.use { receiver ->
                sender(loopback, limits = SendLimits(overall = 60.seconds)).use { sender ->
                    coroutineScope {
                        var seen: Throwable? = null
                        val sending = launch {
                            try {
                                sender.send(receiver.url, emptyMap(), byteArrayOf())
                            } catch (leaving: CancellationException) {
                                seen = leaving
                                throw leaving
                            }
                        }
                        withContext(Dispatchers.IO) { arrived.await(10, TimeUnit.SECONDS) } shouldBe true
                        sending.cancelAndJoin()
                        (seen is CancellationException) shouldBe true
                    }
                }
            }
        }

        test("one that finds no place in time fails, and other receivers are not kept waiting") {
            Receiver { hold() }.use { slow ->
                Receiver { it.write(http("204 No Content")) }.use { quick ->
                    sender(loopback, limits = short.copy(toOneHost = 2, connect = soon)).use { sender ->
                        coroutineScope {
                            val toSlow = List(8) { async { sender.send(slow.url, emptyMap(), byteArrayOf()) } }
                            val toQuick = List(8) { async { sender.send(quick.url, emptyMap(), byteArrayOf()) } }
                            toQuick.awaitAll().map { it.status }.toSet() shouldBe setOf(204)
                            toSlow.awaitAll().forEach { it.shouldBeNoAnswer("no end within") }
                        }
                    }
                }
            }
        }
    })

/** Closes at once and leaves nothing to be read: the other side sees a reset. */
private fun Receiver.Exchange.reset() {
    socket.setSoLinger(true, 0)
    socket.close()
}
