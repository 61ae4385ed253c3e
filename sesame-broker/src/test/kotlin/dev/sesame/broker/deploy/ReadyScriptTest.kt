package dev.sesame.broker.deploy

import dev.sesame.broker.TestBroker
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.net.InetAddress
import java.net.ServerSocket
import java.util.concurrent.TimeUnit.SECONDS

/** What tells a container whether it is well. */
class ReadyScriptTest :
    FunSpec({
        fun exitCode(port: Int): Int {
            val builder = ProcessBuilder("bash", "${repository("deploy/ready.sh")}").redirectErrorStream(true)
            builder.environment()["SESAME_PORT"] = "$port"
            val running = builder.start()
            running.waitFor(30, SECONDS) shouldBe true
            return running.exitValue()
        }

        test("it is content with a broker that is ready, and with nothing else") {
            TestBroker().use { broker -> exitCode(broker.url.substringAfterLast(':').toInt()) shouldBe 0 }
            ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { silent ->
                val answering = Thread.ofVirtual().start {
                    silent.accept().use { it.getOutputStream().write("HTTP/1.1 503 Service Unavailable\r\n\r\n".toByteArray()) }
                }
                exitCode(silent.localPort) shouldBe 1
                answering.join()
            }
            exitCode(ServerSocket(0).use { it.localPort }) shouldBe 1
        }
    })
