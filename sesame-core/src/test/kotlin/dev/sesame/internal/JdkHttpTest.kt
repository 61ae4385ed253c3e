package dev.sesame.internal

import dev.sesame.RawCall
import dev.sesame.RawServer
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withTimeout
import java.io.IOException
import java.net.http.HttpTimeoutException
import java.util.concurrent.atomic.AtomicLong
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TestTimeSource

private const val PIECE = "0123456789abcdef"

/** What the default client makes of real sockets. */
class JdkHttpTest :
    FunSpec({
        val time = TestTimeSource()

        suspend fun against(answer: (RawCall) -> Unit, test: suspend (RawServer, JdkHttp) -> Unit) = RawServer(answer).use { server ->
            JdkHttp(given = null, Dispatchers.IO.limitedParallelism(4), time).use { http -> withTimeout(30.seconds) { test(server, http) } }
        }

        fun RawServer.call(path: String = "/") = HttpCall("GET", url + path, mapOf("Accept" to "application/json"))

        suspend fun JdkHttp.text(call: HttpCall, atMost: Duration = 10.seconds) = exchange(call, atMost).bytes.decodeToString()

        test("calls one after the other share a connection") {
            against({ it.answer("{}", "Sesame-Features: claim\r\n") }) { server, http ->
                repeat(20) {
                    val answer = http.exchange(server.call(), 10.seconds)
                    answer.status shouldBe 200
                    answer.header("sesame-features") shouldBe "claim"
                }
                server.connections shouldBe 1
            }
        }

        test("after a call without an answer, the next one goes by a new connection: the kept one may be dead for good") {
            against({ call -> if (call.requestLine.contains("first") || call.connection > 1) call.answer("{}") }) { server, http ->
                http.text(server.call("/first"))
                time += 10.seconds
                shouldThrow<HttpTimeoutException> { http.text(server.call("/second"), 200.milliseconds) }
                http.text(server.call("/second")) shouldBe "{}"
                server.connections shouldBe 2
            }
        }

        test("an outage doesn't make a client for each of its calls") {
            against({ }) { server, http ->
                time += 10.seconds
                val threads = { Thread.getAllStackTraces().keys.count { it.name.endsWith("SelectorManager") } }
                shouldThrow<HttpTimeoutException> { http.text(server.call(), 50.milliseconds) }
                shouldThrow<HttpTimeoutException> { http.text(server.call(), 50.milliseconds) }
                val before = threads()
                repeat(20) { shouldThrow<HttpTimeoutException> { http.text(server.call(), 20.milliseconds) } }
                threads() shouldBeLessThan before + 1
            }
        }

        test("a body that stops coming ends with its time, as a head that never came") {
            against({ it.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{") }) { server, http ->
                shouldThrow<HttpTimeoutException> { http.text(server.call(), 200.milliseconds) }
            }
        }

        test("whoever cancels a call closes its connection") {
            val asked = CompletableDeferred<RawCall>()
            against({ asked.complete(it) }) { server, http ->
                coroutineScope {
                    val call = async { http.text(server.call()) }
                    val connection = asked.await().socket
                    call.cancelAndJoin()
                    eventually(5.seconds) { connection.isClosed shouldBe true }
                }
            }
        }

        test("of an answer without an end no more than the largest is read") {
            val block = "x".repeat(1024 * 1024)
            against({ call ->
                call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                while (true) call.write("%x\r\n%s\r\n".format(block.length, block))
            }) { server, http ->
                http.exchange(server.call(), 20.seconds).bytes.size shouldBeLessThan Http.LARGEST_ANSWER_BYTES + 2 * block.length
            }
        }

        test("a stream is read in pieces as they come, to its end") {
            against({ call ->
                call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                repeat(3) { call.write("10\r\n$PIECE\r\n") }
                call.write("0\r\n\r\n")
            }) { server, http ->
                http.stream(server.call(), 10.seconds) { stream ->
                    stream.status shouldBe 200
                    stream.header("transfer-encoding") shouldBe "chunked"
                    val text = StringBuilder()
                    while (true) text.append((stream.next() ?: break).decodeToString())
                    "$text" shouldBe PIECE.repeat(3)
                }
            }
        }

        test("a stream that is cut says so, and one whose head never comes ends with its time") {
            against({ call ->
                if (call.requestLine.contains("cut")) {
                    call.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{").also {
                        call.socket.close()
                    }
                }
            }) { server, http ->
                shouldThrow<IOException> { http.stream(server.call("/cut"), 10.seconds) { stream -> while (stream.next() != null) Unit } }
                shouldThrow<HttpTimeoutException> { http.stream(server.call("/silent"), 100.milliseconds) { error("there is no head") } }
            }
        }

        test("who leaves a stream closes its connection, and until then no more comes than is read") {
            val sent = AtomicLong()
            val ended = CompletableDeferred<Unit>()
            val block = "x".repeat(64 * 1024)
            against({ call ->
                call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                try {
                    while (sent.addAndGet(block.length.toLong()) <
                        256L * 1024 * 1024
                    ) {
                        call.write("%x\r\n%s\r\n".format(block.length, block))
                    }
                } finally {
                    ended.complete(Unit)
                }
            }) { server, http ->
                http.stream(server.call(), 10.seconds) { stream -> repeat(10) { stream.next() } }
                ended.await()
                sent.get() shouldBeLessThan 64L * 1024 * 1024
            }
        }

        test("what a caller's code throws while it reads a stream is what it gets") {
            against({ it.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n$PIECE\r\n") }) { server, http ->
                shouldThrow<IllegalStateException> { http.stream(server.call(), 10.seconds) { error("mine") } }.message shouldBe "mine"
            }
        }
    })
