package dev.sesame.checks.deploy

import dev.sesame.Approvers
import dev.sesame.Sesame
import dev.sesame.SesameConfig
import dev.sesame.checks.Answered
import dev.sesame.checks.BrokerProcess
import kotlinx.coroutines.future.await
import java.net.InetAddress
import java.net.ServerSocket
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.nio.file.Files
import java.security.KeyStore
import java.security.cert.CertificateFactory
import java.util.concurrent.CompletableFuture
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory

/** A broker behind a proxy that has a second one to ask, which isn't there; and callers who trust the proxy's certificate. */
internal class ProxiedBroker(makeFront: (brokers: List<Int>) -> Front) : AutoCloseable {
    private val dataDir = Files.createTempDirectory("sesame-proxied").resolve("data")
    private val port = freePort()
    private val front = makeFront(listOf(port, freePort()))
    private var broker = begin()
    private val trust = trustIn(front.certificate)
    private val http = callersAt("127.0.0.1")

    val url: String get() = front.url
    val apiKey: String get() = broker.apiKey
    val person = Approvers(broker.adminToken) { reach() }

    fun client(configure: SesameConfig.() -> Unit): Sesame = Sesame {
        apiKey = broker.apiKey
        reach()
        configure()
    }

    private fun SesameConfig.reach() {
        brokerUrl = front.url
        httpClient = http
    }

    fun stop() {
        check(broker.stop() == 0) { "the broker did not stop well: ${broker.output}" }
    }

    fun start() {
        broker = begin()
    }

    /** From the broker itself. */
    fun metrics(): String = URI("http://127.0.0.1:$port/metrics").toURL().readText()

    /** How the broker itself answers. */
    suspend fun direct(path: String): Int =
        http.sendAsync(HttpRequest.newBuilder(URI("http://127.0.0.1:$port$path")).build(), BodyHandlers.discarding()).await().statusCode()

    fun signInLink(): String = Files.readString(dataDir.resolve("sign-in-link")).trim()

    suspend fun get(path: String, key: String? = null, cookie: String? = null): Answered = Answered(getLater(path, key, cookie).await())

    fun getLater(path: String, key: String? = null, cookie: String? = null): CompletableFuture<HttpResponse<String>> =
        http.sendAsync(requestOf(path, key, cookie).build(), BodyHandlers.ofString())

    suspend fun post(path: String, body: String, type: String, key: String? = null): Answered {
        val request = requestOf(path, key).header("Content-Type", type).header("Origin", front.url).POST(BodyPublishers.ofString(body))
        return Answered(http.sendAsync(request.build(), BodyHandlers.ofString()).await())
    }

    /** The status for somebody at [address] who makes up a link, and [saying] as what a proxy would tell. */
    suspend fun wrongSignIn(address: String, saying: String): Int {
        val request = requestOf("/sign-in", null).header("Content-Type", "application/x-www-form-urlencoded").header("Origin", front.url)
            .header("X-Forwarded-For", saying).POST(BodyPublishers.ofString("link=sl_wrong"))
        return callersAt(address).use { it.sendAsync(request.build(), BodyHandlers.discarding()).await().statusCode() }
    }

    private fun callersAt(address: String): HttpClient =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).localAddress(InetAddress.getByName(address))
            .sslContext(SSLContext.getInstance("TLS").apply { init(null, trust.trustManagers, null) }).build()

    private fun requestOf(path: String, key: String?, cookie: String? = null) = HttpRequest.newBuilder(URI(front.url + path)).apply {
        key?.let { header("Authorization", "Bearer $it") }
        cookie?.let { header("Cookie", it) }
    }

    private fun begin() =
        BrokerProcess.start(dataDir, port, mapOf("SESAME_PUBLIC_URL" to front.url, "SESAME_TRUSTED_PROXIES" to "127.0.0.1"))

    override fun close() {
        person.close()
        front.close()
        broker.close()
        dataDir.parent.toFile().deleteRecursively()
    }

    private companion object {
        fun trustIn(pem: String): TrustManagerFactory {
            val certificate = pem.byteInputStream().use { CertificateFactory.getInstance("X.509").generateCertificate(it) }
            val store = KeyStore.getInstance(KeyStore.getDefaultType()).apply {
                load(null)
                setCertificateEntry("proxy", certificate)
            }
            return TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()).apply { init(store) }
        }
    }
}

/** Taken by nobody a moment ago. */
internal fun freePort(): Int = ServerSocket(0).use { it.localPort }
