package dev.sesame.bench.held

import java.net.InetAddress
import java.net.ServerSocket
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** Answers the first call that comes with [answer], whatever it asks. */
internal class EchoServer(private val answer: String) : AutoCloseable {
    private val socket = ServerSocket(0, 1, InetAddress.getLoopbackAddress())
    private val answered = CountDownLatch(1)
    private val thread = Thread.ofPlatform().daemon().start {
        socket.accept().use { caller ->
            caller.inputStream.bufferedReader().lineSequence().first { it.isEmpty() }
            caller.outputStream.write(answer.toByteArray())
            answered.countDown()
            caller.inputStream.read() // until it hangs up
        }
    }

    val url: String get() = "http://127.0.0.1:${socket.localPort}"

    fun awaitAnswered() = check(answered.await(10, TimeUnit.SECONDS)) { "nobody called" }

    override fun close() {
        socket.close()
        thread.join(10_000)
    }
}
