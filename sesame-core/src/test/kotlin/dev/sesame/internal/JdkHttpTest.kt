package dev.sesame.internal

import dev.sesame.RawCall
import dev.sesame.RawServer
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import java.io.IOException
import java.net.InetSocketAddress
import java.net.ProxySelector
import java.net.http.HttpClient
import java.net.http.HttpTimeoutException
import java.util.concurrent.CountDownLatch
import java.util.concurrent.ForkJoinPool
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What the default client makes of calls on real sockets. */
class JdkHttpTest :
    FunSpec({
        test("calls one after the other share a connection") {
            overSockets({ it.answer("{}", "Sesame-Features: claim\r\n") }) { server, http ->
                repeat(20) {
                    val answer = http.exchange(server.call(), 10.seconds)
                    answer.status shouldBe 200
                    answer.header("sesame-features") shouldBe "claim"
                }
                server.connections shouldBe 1
            }
        }

        test("a body that stops coming ends with its time, as a head that never came") {
            val script = mapOf("/body" to "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "/head" to "")
            overSockets({ it.write(script.getValue(it.path)) }) { server, http ->
                script.keys.forEach { path -> shouldThrow<HttpTimeoutException> { http.text(server.call(path), 200.milliseconds) } }
            }
        }

        test("whoever cancels a call closes its connection") {
            val asked = CompletableDeferred<RawCall>()
            overSockets({ asked.complete(it) }) { server, http ->
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
            val endless: (RawCall) -> Unit = { call ->
                call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                while (true) call.write("%x\r\n%s\r\n".format(block.length, block))
            }
            overSockets(endless) { server, http ->
                http.exchange(server.call(), 20.seconds).bytes.size shouldBeLessThan Http.LARGEST_ANSWER_BYTES + 2 * block.length
            }
        }

        test("a proxy that wants a password is told about at once, by its status") {
            RawServer {
                it.write("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n")
            }.use { proxy ->
                val way = InetSocketAddress("127.0.0.1", proxy.url.substringAfterLast(':').toInt())
                val client = HttpClient.newBuilder().proxy(ProxySelector.of(way)).build()
                val call = HttpCall("GET", "https://broker.invalid/", emptyMap())
                JdkHttp(GivenJdkClient(client), Dispatchers.IO).use { http ->
                    http.exchange(call, 10.seconds).status shouldBe 407
                    shouldThrow<IOException> { http.stream(call, 10.seconds) { error("there is nothing to read") } }
                }
            }
        }

        test("answers come, and so does the news of one that was cut, though others hold the common pool") {
            val free = CountDownLatch(1)
            repeat(maxOf(1, ForkJoinPool.getCommonPoolParallelism())) { ForkJoinPool.commonPool().execute { free.await() } }
            try {
                overSockets({ call -> if (call.path == "/whole") call.answer("{}") else call.cut() }) { server, http ->
                    http.text(server.call("/whole")) shouldBe "{}"
                    shouldThrow<IOException> { http.text(server.call("/cut"), 20.seconds) }.javaClass shouldBe IOException::class.java
                }
            } finally {
                free.countDown()
            }
        }
    })

private fun RawCall.cut() {
    write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
    socket.close()
}
