package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.comparables.shouldBeGreaterThanOrEqualTo
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import java.io.IOException
import java.net.SocketTimeoutException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

private val faults: Map<String, suspend (Sent) -> Reply> = mapOf(
    "a connection that is reset" to { _ -> throw IOException("Connection reset") },
    "a client-side timeout of the engine" to { _ -> throw SocketTimeoutException("timeout") },
    "408" to { _ -> problem(408, "timeout") },
    "429" to { _ -> problem(429, "rate_limited") },
    "500 without a word" to { _ -> Reply("", 500) },
    "502 of a proxy" to { _ -> Reply("<html>bad gateway</html>", 502) },
    "503" to { _ -> problem(503, "unavailable") },
)

private val openBodies: (ScriptedHttp) -> List<String> = { http -> http.sentTo(Step.OPEN).map { it.body.toString() } }

/** What fails in a way that may pass is tried again, and the caller sees nothing of it. */
class RetryFaultsTest :
    FunSpec({
        faults.forEach { (name, fault) ->
            test("$name is tried again, wherever it happens, and the block runs once") {
                val http = ScriptedHttp()
                http.on(Step.OPEN, fault, { Reply(document("pending"), 201) })
                http.on(Step.WAIT, fault, { Reply(document()) })
                http.on(Step.CLAIM, fault, { grant() })
                http.on(Step.OUTCOME, fault, { Reply(document()) })
                var runs = 0
                http.sesame().use { it.approve(ACTION, context = refundContext) { ++runs } } shouldBe 1
                openBodies(http).let { (first, again) -> again shouldBe first }
                http.sentTo(Step.CLAIM).map { it.body.toString() }.toSet() shouldHaveSize 1
                http.sentTo(Step.OUTCOME).map { it.body.toString() }.toSet() shouldHaveSize 1
                http.leavesNothing()
            }
        }

        test("what the broker asks to be waited is waited") {
            val http = ScriptedHttp()
            http.on(Step.OPEN, { Reply("", 429, mapOf("Retry-After" to "0.4")) }, { Reply(document("pending")) })
            http.sesame().use { it.trigger(ACTION, context = refundContext) }
            val (first, second) = http.sentTo(Step.OPEN)
            second.at - first.at shouldBeGreaterThanOrEqualTo 400.milliseconds
        }

        test("a broker that asks for more time than there is isn't waited for") {
            val http = ScriptedHttp().apply { on(Step.OPEN, { Reply("", 429, mapOf("Retry-After" to "1e9")) }) }
            val start = TimeSource.Monotonic.markNow()
            http.refusal().shouldBeInstanceOf<RateLimitedException>().retryAfter shouldBe java.time.Duration.ofSeconds(60)
            start.elapsedNow() shouldBeLessThan 5.seconds
            http.sent shouldHaveSize 1
        }

        test("a broker that is gone for longer than the time for retries is unavailable") {
            val http = ScriptedHttp().apply { on(Step.OPEN, { throw IOException("refused") }) }
            val problem = http.refusal { retryFor = 600.milliseconds }.shouldBeInstanceOf<BrokerUnavailableException>()
            problem.message!! shouldContain ADDRESS
            problem.message!! shouldNotContain KEY
            (http.sent.size > 1) shouldBe true
        }

        test("without time for retries there is one try") {
            val http = ScriptedHttp().apply { on(Step.OPEN, { Reply("", 503) }) }
            http.refusal { retryFor = Duration.ZERO }.shouldBeInstanceOf<BrokerUnavailableException>()
            http.sent shouldHaveSize 1
        }

        test("a caller's own timeout ends the retries") {
            val http = ScriptedHttp().apply { on(Step.OPEN, { throw IOException("refused") }) }
            http.refusal(timeout = 300.milliseconds).shouldBeInstanceOf<ApprovalTimeoutException>().approvalId shouldBe null
        }

        test("an exception of the caller's own is no fault of the broker") {
            val http = ScriptedHttp()
            http.sesame().use { sesame ->
                shouldThrow<IOException> { sesame.approve(ACTION, context = refundContext) { throw IOException("Connection reset") } }
            }
            http.sentTo(Step.CLAIM) shouldHaveSize 1
        }
    })
