package dev.sesame.internal

import dev.sesame.RawCall
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import io.kotest.matchers.types.shouldNotBeSameInstanceAs
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.io.IOException
import java.net.http.HttpTimeoutException
import java.util.concurrent.CountDownLatch
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TestTimeSource

private val hasShutdown = Runtime.version().feature() >= 21

/** Kept connections may be dead, and nothing tells. */
class JdkClientsTest :
    FunSpec({
        val time = TestTimeSource()

        test("after a call without an answer the next goes by a new connection, though more were kept") {
            val both = CountDownLatch(2)
            val answer: (RawCall) -> Unit = { call ->
                if (call.path == "/first") both.countDown().also { both.await() }
                if (call.path == "/first" || call.connection > 2) call.answer("{}")
            }
            overSockets(answer, time) { server, http ->
                coroutineScope { List(2) { async { http.text(server.call("/first")) } }.awaitAll() }
                time += 10.seconds
                shouldThrow<HttpTimeoutException> { http.text(server.call("/second"), 200.milliseconds) }
                http.text(server.call("/second"), 5.seconds) shouldBe "{}"
                server.connections shouldBe 3
            }
        }

        test("a client is made anew at most every 10 seconds, and not for what an earlier one did") {
            OwnJdkClients(Runnable::run, time).use { clients ->
                val first = clients.current()
                clients.renew(first)
                clients.current() shouldBeSameInstanceAs first
                time += 10.seconds
                clients.renew(first)
                val second = clients.current()
                second shouldNotBeSameInstanceAs first
                time += 10.seconds
                clients.renew(first)
                clients.current() shouldBeSameInstanceAs second
            }
        }

        test("clients that were replaced hold no thread").config(enabled = hasShutdown) {
            fun selectors() = Thread.getAllStackTraces().keys.count { it.name.endsWith("SelectorManager") }
            val before = selectors()
            OwnJdkClients(Runnable::run, time).use { clients ->
                repeat(20) {
                    val client = clients.current()
                    time += 10.seconds
                    clients.renew(client)
                }
                eventually(10.seconds) { selectors() shouldBeLessThanOrEqual before }
            }
        }

        test("one that was closed makes no more") {
            val clients = OwnJdkClients(Runnable::run, time).apply { close() }
            shouldThrow<IOException> { clients.current() }
        }
    })
