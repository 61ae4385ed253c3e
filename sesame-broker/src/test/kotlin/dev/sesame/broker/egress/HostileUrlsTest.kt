package dev.sesame.broker.egress

import dev.sesame.broker.address.plainAddress
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThanOrEqual
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import okhttp3.HttpUrl.Companion.toHttpUrlOrNull
import okhttp3.OkHttpClient
import okhttp3.Request
import java.io.IOException
import java.net.InetAddress
import java.net.Proxy
import java.net.UnknownHostException
import java.time.Clock

private val loopback = listOf(address("127.0.0.1"), address("::1"))

/** R13: whatever a URL looks like, and whatever DNS says, no listener that must not be called hears of it. */
class HostileUrlsTest :
    FunSpec({
        test("there are hundreds of them, each said once") {
            HostileUrl.lines.size shouldBeGreaterThanOrEqual 400
            HostileUrl.lines.groupingBy { it }.eachCount().filterValues { it > 1 }.keys.shouldBeEmpty()
        }

        test("each is refused without DNS, those apart whose names must be looked up") {
            HostileUrl.all(listOf(8443)).forEach { (url, addresses) ->
                withClue(url) {
                    val problem = Target.problem(url, Egress())
                    if (addresses == null) problem.shouldNotBeNull() else problem.shouldBeNull()
                }
            }
        }

        test("where some addresses are allowed, those of them that are elsewhere stay refused, or become names") {
            val egress = allowing("192.0.2.64/26")
            HostileUrl.all(listOf(8443)).filter { it.addresses == null }.forEach { (url) ->
                withClue(url) { if (Target.problem(url, egress) == null) url shouldBe "http://example.com:8443/" }
            }
        }

        test("tried by the real sender, none of them calls anybody") {
            Canary().use { canary ->
                val urls = HostileUrl.all(canary.ports)
                listOf(Egress(), allowing("192.0.2.64/26")).forEach { egress ->
                    sender(egress, answering(urls)).use { sender ->
                        coroutineScope {
                            urls.map { (url) -> async { url to sender.send(url, emptyMap(), "{}".toByteArray()) } }.awaitAll()
                        }.forEach { (url, sent) ->
                            withClue("$url: $sent") {
                                sent.status.shouldBeNull()
                                sent.failure.shouldNotBeNull() shouldNotContain "Exception"
                            }
                        }
                    }
                }
                canary.shouldHaveHeardNobody()
            }
        }

        test("each later door alone holds, too: the one at the client, and the one at the socket, which no resolver gets past") {
            Canary().use { canary ->
                val urls = HostileUrl.all(canary.ports)
                val atClient = OkHttpClient.Builder().addInterceptor(EgressInterceptor(Egress(), answering(urls)))
                val atSocket = OkHttpClient.Builder().socketFactory(GuardedSockets(Egress())).proxy(Proxy.NO_PROXY).dns { loopback }
                listOf(atClient, atSocket).map { it.build() }.forEach { client ->
                    val parsed = urls.mapNotNull { (url) -> url.toHttpUrlOrNull() }.filter { isHere(it.host) }
                    parsed.size shouldBeGreaterThanOrEqual 200
                    parsed.forEach { url -> withClue("$url") { refused(client, Request.Builder().url(url).build()) } }
                    client.dispatcher.executorService.shutdown()
                }
                canary.shouldHaveHeardNobody()
            }
        }
    })

private operator fun HostileUrl.component1() = url

private operator fun HostileUrl.component2() = addresses

/** Whether a call there would stay on this machine: public addresses, and numbers that only the JDK takes for one, are left out. */
private fun isHere(host: String): Boolean {
    val address = plainAddress(host) ?: return !host.matches(Regex("[0-9.]+"))
    return DeniedBlocks.nameOf(address) != null
}

private fun refused(client: OkHttpClient, request: Request) = try {
    client.newCall(request).execute().use { error("it was answered ${it.code}") }
} catch (problem: IOException) {
    (problem is AddressRefused || problem is UnknownHostException) shouldBe true
}

/** A resolver that says what the list says, and of every other name that it is here. */
private fun answering(urls: List<HostileUrl>): Resolver {
    val known: Map<String, List<InetAddress>> = urls.mapNotNull { (url, addresses) ->
        addresses?.let { url.removePrefix("https://").substringBefore(':') to it }
    }.toMap()
    return Resolver { host -> known[host] ?: loopback }
}

internal fun sender(egress: Egress, resolver: Resolver = Resolver.System, limits: SendLimits = SendLimits()) =
    WebhookSender(egress, Clock.systemUTC(), limits) { guardedClient(egress, resolver, limits) }
