package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.maps.shouldContainKey
import io.kotest.matchers.shouldBe
import java.net.Authenticator
import java.net.InetSocketAddress
import java.net.ProxySelector
import java.net.http.HttpClient

/** What a program says about the way to its broker: a client of the JDK's, or an engine of Ktor's. */
class HttpClientTest :
    FunSpec({
        fun sesameBy(client: HttpClient) = Sesame {
            apiKey = KEY
            brokerUrl = ADDRESS
            httpClient = client
        }

        fun refusal(configure: SesameConfig.() -> Unit): InvalidRequestException = shouldThrow {
            Sesame {
                apiKey = KEY
                brokerUrl = ADDRESS
                configure()
            }
        }

        test("calls go the way that the program's own client knows, and it stays open") {
            RawServer { it.answer("${document("approved")}", "Sesame-Features: feed\r\n") }.use { server ->
                val port = server.url.substringAfterLast(':').toInt()
                val own = HttpClient.newBuilder().proxy(ProxySelector.of(InetSocketAddress("127.0.0.1", port))).build()
                repeat(2) {
                    val sesame = Sesame {
                        apiKey = KEY
                        brokerUrl = "http://broker.invalid"
                        allowPlainHttp = true
                        httpClient = own
                    }
                    sesame.use { it.attach(ID).id shouldBe ID }
                }
            }
        }

        test("a client that follows redirects is refused: they could carry the key elsewhere") {
            HttpClient.Redirect.entries.filter { it != HttpClient.Redirect.NEVER }.forEach { policy ->
                val own = HttpClient.newBuilder().followRedirects(policy).build()
                refusal { httpClient = own }.fields shouldContainKey "httpClient"
            }
        }

        test("one with an authenticator is refused where it would keep the key back: before Java 24") {
            val own = HttpClient.newBuilder().authenticator(object : Authenticator() {}).build()
            val problem = runCatching { sesameBy(own).close() }.exceptionOrNull()
            val isRefused = (problem as? InvalidRequestException)?.fields?.containsKey("httpClient") ?: false
            isRefused shouldBe (Runtime.version().feature() < 24)
        }

        test("two ways at once are refused") {
            refusal {
                httpClient = HttpClient.newHttpClient()
                engine = ScriptedHttp().engine
            }.fields shouldContainKey "httpClient"
        }
    })
