package dev.sesame.internal

import dev.sesame.RawCall
import io.kotest.assertions.nondeterministic.continually
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import java.io.IOException
import java.net.http.HttpTimeoutException
import java.util.concurrent.atomic.AtomicLong
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private const val HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
private const val PIECE = "0123456789abcdef"
private const val CHUNK = "10\r\n$PIECE\r\n"

/** What the default client makes of an answer that goes on and on. */
class JdkStreamTest :
    FunSpec({
        test("a stream is read in pieces as they come, to its end") {
            overSockets({ it.write("$HEAD${CHUNK.repeat(3)}0\r\n\r\n") }) { server, http ->
                http.stream(server.call(), 10.seconds) { stream ->
                    stream.status shouldBe 200
                    stream.header("transfer-encoding") shouldBe "chunked"
                    val text = StringBuilder()
                    while (true) text.append((stream.next() ?: break).decodeToString())
                    "$text" shouldBe PIECE.repeat(3)
                }
            }
        }

        test("a stream that is cut says so") {
            val cut: (RawCall) -> Unit = { call -> call.write("$HEAD$CHUNK").also { call.socket.close() } }
            overSockets(cut) { server, http ->
                shouldThrow<IOException> { http.stream(server.call(), 10.seconds) { stream -> while (stream.next() != null) Unit } }
            }
        }

        test("one whose head never comes ends with its time") {
            overSockets({ }) { server, http ->
                shouldThrow<HttpTimeoutException> { http.stream(server.call(), 100.milliseconds) { error("there is no head") } }
            }
        }

        test("no more comes than is read, and who leaves closes the connection") {
            val sent = AtomicLong()
            val ended = CompletableDeferred<Unit>()
            val block = "x".repeat(64 * 1024)
            val endless: (RawCall) -> Unit = { call ->
                call.write(HEAD)
                try {
                    while (sent.addAndGet(block.length.toLong()) < GB) call.write("%x\r\n%s\r\n".format(block.length, block))
                } finally {
                    ended.complete(Unit)
                }
            }
            overSockets(endless) { server, http ->
                http.stream(server.call(), 10.seconds) { stream ->
                    stream.next()
                    continually(500.milliseconds) { sent.get() shouldBeLessThan GB / 16 }
                }
                ended.await()
            }
        }

        test("who is cancelled while reading closes the connection") {
            val reading = CompletableDeferred<Unit>()
            val asked = CompletableDeferred<RawCall>()
            overSockets({ call -> call.write("$HEAD$CHUNK").also { asked.complete(call) } }) { server, http ->
                coroutineScope {
                    val reader = async {
                        http.stream(server.call(), 10.seconds) { stream ->
                            stream.next()
                            reading.complete(Unit)
                            stream.next()
                        }
                    }
                    reading.await()
                    reader.cancelAndJoin()
                    eventually(5.seconds) { asked.await().socket.isClosed shouldBe true }
                }
            }
        }

        test("what a caller's code throws while it reads is what it gets") {
            overSockets({ it.write("$HEAD$CHUNK") }) { server, http ->
                shouldThrow<IllegalStateException> { http.stream(server.call(), 10.seconds) { error("mine") } }.message shouldBe "mine"
            }
        }
    })

private const val GB = 1024L * 1024 * 1024
