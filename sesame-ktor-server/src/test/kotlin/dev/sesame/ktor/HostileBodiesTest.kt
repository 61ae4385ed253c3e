package dev.sesame.ktor

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.IOException
import java.net.Socket
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Bodies that no well-behaved client sends, over real sockets: at a webhook's route and at a gated one. */
class HostileBodiesTest :
    FunSpec({
        val webhook = signed(eventBody()).map { (name, value) -> "$name: $value" } + "Content-Type: application/json"

        Engine.real.forEach { engine ->
            test("a body that announces more than the cap is refused before any of it came, on $engine") {
                onSocket(engine) { send(PATH, webhook + "Content-Length: 4001") } shouldBe 413
                onSocket(engine) { send("/deploy/web", listOf("Content-Length: 1001")) } shouldBe 413
            }

            test("an endless chunked body is refused once it is over the cap, on $engine") {
                listOf(PATH to webhook, "/deploy/web" to emptyList()).forEach { (path, headers) ->
                    var sent = 0
                    val status = onSocket(engine) {
                        send(path, headers + "Transfer-Encoding: chunked")
                        try {
                            while (sent < ENOUGH && !hasAnswer()) sent += chunk(1_000)
                        } catch (_: IOException) {
                            // It is refused, and closed.
                        }
                    }
                    status shouldBe 413
                    sent shouldBeLessThan ENOUGH
                }
            }

            test("a body that never ends its crawl is refused in time, on $engine") {
                listOf(PATH to webhook, "/deploy/web" to emptyList()).forEach { (path, headers) ->
                    val started = TimeSource.Monotonic.markNow()
                    onSocket(engine) {
                        send(path, headers + "Content-Length: 900")
                        write("{")
                    } shouldBe 408
                    started.elapsedNow() shouldBeLessThan 5.seconds
                }
            }

            test("a flood of headers is refused, on $engine") {
                val flood = (1..20_000).map { "x-$it: ${"y".repeat(20)}" }
                onSocket(engine) {
                    try {
                        send(PATH, webhook + flood + "Content-Length: 0")
                    } catch (_: IOException) {
                        // It is refused, and closed.
                    }
                } shouldBeIn listOf(400, 401, 413, 431, CLOSED)
            }

            test("a signature that comes in two headers is refused, be they the same, on $engine") {
                val body = eventBody(status = "denied")
                val headers = signed(body).map { (name, value) -> "$name: $value" } + "Content-Type: application/json"
                listOf(headers to 204, headers + headers.single { it.startsWith("webhook-signature") } to 401).forEach { (sent, status) ->
                    onSocket(engine) {
                        send(PATH, sent + "Content-Length: ${body.size}")
                        write(body.decodeToString())
                    } shouldBe status
                }
            }

            test("a webhook without a signature is refused although its body never comes, on $engine") {
                val started = TimeSource.Monotonic.markNow()
                onSocket(engine) { send(PATH, listOf("Content-Type: application/json", "Content-Length: 900")) } shouldBe 401
                started.elapsedNow() shouldBeLessThan Duration.parse("400ms")
            }
        }
    })

/** More than any buffer on the way holds. */
private const val ENOUGH = 100_000_000
private const val CLOSED = 0

/** The status that what [talk] sends is answered with, or [CLOSED]; nothing may run by it. */
private suspend fun onSocket(engine: Engine, talk: RawRequest.() -> Unit): Int {
    val receiver = Receiver()
    val deploys = Deploys()
    var status = CLOSED
    engine.serving({
        receiver.module(this)
        deploys.module(this)
    }) { site ->
        status = withContext(Dispatchers.IO) {
            Socket(Engine.HOST, site.port).use { socket ->
                socket.soTimeout = 5_000
                RawRequest(socket).apply(talk).status()
            }
        }
    }
    receiver.ran.shouldBeEmpty()
    deploys.received.shouldBeEmpty()
    deploys.broker.asked.shouldBeEmpty()
    return status
}

/** A request, byte by byte. */
private class RawRequest(private val socket: Socket) {
    fun send(path: String, headers: List<String>) = write("POST $path HTTP/1.1\r\nHost: a\r\n${headers.joinToString("") { "$it\r\n" }}\r\n")

    fun write(text: String) {
        socket.getOutputStream().write(text.toByteArray())
        socket.getOutputStream().flush()
    }

    fun chunk(size: Int): Int {
        write("${size.toString(16)}\r\n${"x".repeat(size)}\r\n")
        return size
    }

    fun hasAnswer(): Boolean = socket.getInputStream().available() > 0

    fun status(): Int = try {
        val line = socket.getInputStream().bufferedReader().readLine()
        line?.split(' ')?.get(1)?.toInt() ?: CLOSED
    } catch (_: IOException) {
        CLOSED
    }
}
