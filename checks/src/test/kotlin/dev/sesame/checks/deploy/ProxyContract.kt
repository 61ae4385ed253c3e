package dev.sesame.checks.deploy

import dev.sesame.Sesame
import dev.sesame.checks.eventually
import dev.sesame.checks.skipUnlessCi
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.firstOrNull
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource

/** What a proxy with a file of `deploy/` promises, to programs and people outside; [missing] says what this machine lacks for it. */
internal abstract class ProxyContract(missing: () -> String?, front: (brokers: List<Int>) -> Front) :
    FunSpec(
        contract@{
            val why = missing()
            if (why != null) {
                test("a proxy with the file of deploy/") { skipUnlessCi(why) }
                return@contract
            }
            val site = autoClose(ProxiedBroker(front))

            suspend fun pending(action: String): String = eventually { site.person.pending().firstOrNull { it.action == action }?.id }

            for ((way, longPolls) in listOf("the shared stream" to false, "long polls" to true)) {
                test("a program asks, waits and runs through TLS, by $way") {
                    site.client { longPollOnly = longPolls }.use { sesame ->
                        coroutineScope {
                            val ran = async { sesame.approve("proxied.$longPolls") { "ran" } }
                            val id = pending("proxied.$longPolls")
                            eventually { site.metrics().takeIf { (if (longPolls) "sesame_polls_held 1.0" else "sesame_feeds 1.0") in it } }
                            site.person.approve(id)
                            ran.await() shouldBe "ran"
                        }
                    }
                }
            }

            test("a poll is held as long as it asks for, and its place is free when its caller leaves") {
                val sesame = site.client()
                val id = sesame.trigger("proxied.poll").id
                val begun = TimeSource.Monotonic.markNow()
                site.get("/v1/approvals/$id?wait=true&timeout_seconds=1", site.apiKey).body shouldContain "\"status\":\"pending\""
                begun.elapsedNow() shouldBeGreaterThan 900.milliseconds
                val left = site.getLater("/v1/approvals/$id?wait=true&timeout_seconds=50", site.apiKey)
                eventually { site.metrics().takeIf { "sesame_polls_held 1.0" in it } }
                left.cancel(true)
                eventually { site.metrics().takeIf { "sesame_polls_held 0.0" in it } }
                sesame.close()
            }

            test("what is for those who run it isn't there outside, however it is written") {
                val inside = listOf("/metrics", "/healthz", "/readyz")
                inside.forEach { site.direct(it) shouldBe 200 }
                val written = inside.flatMap {
                    listOf(it, "/$it", "$it/", "$it?a=b", "/.$it", "/a/..$it", it.replace("r", "%72").replace("h", "%68"))
                }
                written.forEach { path ->
                    val answer = site.get(path)
                    withClue(path) {
                        (answer.status in 404..405) shouldBe true
                        answer.body shouldNotContain "sesame_"
                    }
                }
                site.get("/openapi.json").status shouldBe 200
            }

            test("a person signs in with a link, over https alone") {
                val link = site.signInLink()
                link shouldStartWith site.url
                site.get(link.removePrefix(site.url)).body shouldContain "Sign in on this device"
                val signedIn = site.post("/sign-in", "link=${link.substringAfterLast('/')}", "application/x-www-form-urlencoded")
                signedIn.status shouldBe 303
                val cookie = signedIn.header("set-cookie").orEmpty()
                cookie shouldStartWith "__Host-sesame="
                cookie shouldContain "Secure"
                site.get("/sessions", cookie = cookie.substringBefore(';')).body shouldContain "Sign out on this device"
            }

            test("who fails to sign in too often waits alone, whatever they say to be") {
                repeat(10) { site.wrongSignIn("127.0.0.2", saying = "192.0.2.$it") shouldBe 403 }
                site.wrongSignIn("127.0.0.2", saying = "127.0.0.1") shouldBe 429
                site.wrongSignIn("127.0.0.3", saying = "127.0.0.2") shouldBe 403
            }

            test("what is too large is refused in the broker's words, and far larger things before it") {
                val answers = listOf(300, 2_000).map { site.post("/v1/approvals", "x".repeat(it * 1_024), "application/json", site.apiKey) }
                answers.map { it.status } shouldBe listOf(413, 413)
                answers.first().body shouldContain "too_large"
            }

            test("no call is lost to a broker that isn't there: another is asked") {
                repeat(6) {
                    site.post(
                        "/v1/approvals",
                        """{"action": "proxied.all", "summary": "$it"}""",
                        "application/json",
                        site.apiKey,
                    ).status shouldBe
                        201
                }
            }

            test("a broker that stops and starts again is not noticed by who waits") {
                site.client().use { sesame ->
                    coroutineScope {
                        val ran = async { sesame.approve("proxied.restart") { "ran" } }
                        val id = pending("proxied.restart")
                        eventually { site.metrics().takeIf { "sesame_feeds 1.0" in it } }
                        site.stop()
                        eventually { site.get("/v1/approvals", site.apiKey).status.takeIf { it in 502..503 } }
                        site.start()
                        site.person.approve(id)
                        ran.await() shouldBe "ran"
                    }
                }
            }
        },
    )

/** A running proxy. */
internal interface Front : AutoCloseable {
    /** Where it takes calls over TLS. */
    val url: String

    /** Against what its certificate is judged, in PEM. */
    val certificate: String
}

internal fun ProxiedBroker.client(): Sesame = client {}
