package dev.sesame.broker.egress

import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import okhttp3.OkHttpClient
import java.net.ServerSocket
import java.security.KeyStore
import java.time.Clock
import java.util.concurrent.TimeUnit
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager
import kotlin.io.path.inputStream
import kotlin.time.Duration.Companion.milliseconds

private const val HOST = "receiver.example"

/** Over TLS the guard stands as before, and the certificate must be of somebody trusted and for this very host. */
class TlsTest :
    FunSpec({
        val loopback = allowing("127.0.0.0/8")
        val keys by lazy { ownCertificate() }

        fun receiver() = Receiver(tlsListener(keys)) { it.write(http("204 No Content")) }

        fun sender(limits: SendLimits = SendLimits(), adjust: OkHttpClient.Builder.() -> Unit = {}) =
            WebhookSender(loopback, Clock.systemUTC(), limits) {
                guardedClient(loopback, { listOf(address("127.0.0.1")) }, limits, adjust)
            }

        suspend fun failure(url: String, adjust: OkHttpClient.Builder.() -> Unit = {}): String? =
            sender(adjust = adjust).use { it.send(url, emptyMap(), byteArrayOf()).failure }

        test("a certificate that is trusted and for the host: the webhook arrives, twice over one connection") {
            receiver().use { receiver ->
                sender(adjust = { trusting(keys) }).use { sender ->
                    repeat(2) { sender.send("https://$HOST:${receiver.port}/hook", emptyMap(), "{}".toByteArray()).status shouldBe 204 }
                }
                receiver.requests.map { it.line }.toSet() shouldBe setOf("POST /hook HTTP/1.1")
                receiver.connections.size shouldBe 1
            }
        }

        test("nobody vouches for the certificate, or it is for another host: nothing is said") {
            receiver().use { receiver ->
                failure("https://$HOST:${receiver.port}/") shouldBe "TLS: no handshake, or a certificate that is not trusted"
                failure("https://other.example:${receiver.port}/") { trusting(keys) } shouldBe "TLS: the certificate is for another host"
                receiver.requests.size shouldBe 0
            }
        }

        test("a receiver that speaks no TLS hears no webhook, not in the clear either") {
            Receiver { it.write(http("200 OK")) }.use { plain ->
                sender(SendLimits(overall = 500.milliseconds)).use {
                    it.send("https://$HOST:${plain.port}/", mapOf("webhook-id" to "msg_1"), "{}".toByteArray()).status.shouldBeNull()
                }
                plain.connections.size shouldBe 1
                plain.requests.none { "POST" in it.line || "webhook-id" in it.headers } shouldBe true
            }
        }
    })

private val password = "changeit".toCharArray()

private fun ownCertificate(): KeyStore {
    val file = temporaryDirectory().resolve("keys.p12")
    val keytool = "${System.getProperty("java.home")}/bin/keytool"
    val made = ProcessBuilder(
        keytool, "-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=$HOST", "-ext", "san=dns:$HOST", "-storetype", "PKCS12",
        "-keystore", "$file", "-storepass", String(password),
    ).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
    check(made.waitFor(60, TimeUnit.SECONDS) && made.exitValue() == 0) { "keytool made no certificate" }
    return KeyStore.getInstance("PKCS12").apply { file.inputStream().use { load(it, password) } }
}

private fun tlsListener(keys: KeyStore): ServerSocket {
    val managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm()).apply { init(keys, password) }.keyManagers
    val context = SSLContext.getInstance("TLS").apply { init(managers, null, null) }
    return context.serverSocketFactory.createServerSocket(0, 50, address("127.0.0.1"))
}

private fun OkHttpClient.Builder.trusting(keys: KeyStore) {
    val manager = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()).apply { init(keys) }.trustManagers.single()
    val context = SSLContext.getInstance("TLS").apply { init(null, arrayOf(manager), null) }
    sslSocketFactory(context.socketFactory, manager as X509TrustManager)
}
