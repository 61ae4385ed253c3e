package dev.sesame.bench.notices

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.inbox.People
import java.math.BigInteger
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.security.KeyPairGenerator
import java.security.SecureRandom
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.util.Base64
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/**
 * The push service of one browser in which notices are turned on. What it gets is encrypted for that browser, so questions are told apart by
 * their order alone: one is under way at a time.
 */
internal class PushLeg : Leg {
    override val label = "the push service"
    override val environment = mapOf("SESAME_PUSH_ALLOW" to "127.0.0.0/8")
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val arrivals = LinkedBlockingQueue<Long>()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG).apply {
        createContext("/") { it.use(::take) }
        executor = threads
        start()
    }

    override fun begin(broker: BrokerProcess) {
        val cookie = People(broker).signedIn(1).single()
        HttpClient.newHttpClient().use { browser ->
            val page = HttpRequest.newBuilder(URI("${broker.url}/sessions")).header("Cookie", cookie).build()
            val token = checkNotNull(FORM_TOKEN.find(browser.send(page, BodyHandlers.ofString()).body())) { "the page has no form" }
            val fields = mapOf("form" to token.groupValues[1], "endpoint" to "http://127.0.0.1:${server.address.port}/device") + keys()
            val form = HttpRequest.newBuilder(URI("${broker.url}/devices")).header("Cookie", cookie)
                .header("Content-Type", "application/x-www-form-urlencoded").header("Origin", broker.url)
                .POST(BodyPublishers.ofString(fields.entries.joinToString("&") { (name, value) -> "$name=" + encoded(value) })).build()
            val answer = browser.send(form, BodyHandlers.ofString())
            check(answer.statusCode() == OK) { "turning notices on answered ${answer.statusCode()}" }
        }
    }

    override fun await(summary: String): Long? = arrivals.poll(LONGEST_S, TimeUnit.SECONDS)

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }

    private fun take(exchange: HttpExchange) {
        val at = System.nanoTime()
        exchange.requestBody.readAllBytes()
        arrivals += at
        exchange.sendResponseHeaders(TAKEN, -1)
    }

    /** What a browser gives out when it subscribes (RFC 8291): a point of P-256, uncompressed, and a secret. */
    private fun keys(): Map<String, String> {
        val pair = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()
        val point = (pair.public as ECPublicKey).w
        val secret = ByteArray(SECRET_BYTES).also(SecureRandom()::nextBytes)
        val key = byteArrayOf(UNCOMPRESSED) + coordinate(point.affineX) + coordinate(point.affineY)
        return mapOf("p256dh" to base64(key), "auth" to base64(secret))
    }

    private fun coordinate(number: BigInteger): ByteArray =
        (ByteArray(COORDINATE_BYTES) + number.toByteArray()).let { it.copyOfRange(it.size - COORDINATE_BYTES, it.size) }

    private fun base64(bytes: ByteArray) = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)

    private fun encoded(value: String) = URLEncoder.encode(value, Charsets.UTF_8)

    private companion object {
        const val BACKLOG = 100
        const val OK = 200
        const val TAKEN = 201
        const val LONGEST_S = 20L
        const val SECRET_BYTES = 16
        const val COORDINATE_BYTES = 32
        const val UNCOMPRESSED: Byte = 4
        val FORM_TOKEN = Regex("""name="form" value="([^"]*)"""")
    }
}
