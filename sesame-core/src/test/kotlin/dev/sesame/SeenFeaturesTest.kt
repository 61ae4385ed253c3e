package dev.sesame

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.seconds

/** A client that has seen a feature never goes without it later (`protocol.md`: "Requester"). */
class SeenFeaturesTest :
    FunSpec({
        val stream = "event: ready\nid: 1\ndata: {}\n\n" +
            "event: decision\nid: 2\ndata: ${document("approved", action = ACTION, context = refundContext)}\n\n"

        val page = """{"approvals":[${document("pending", action = ACTION, context = refundContext)}]}"""

        fun Sent.isStream() = request.url.encodedPath == "/v1/decisions"

        /** A broker whose first answer tells [first] as its features, and whose later ones tell [later]. */
        suspend fun waitAfter(first: String?, later: String?): ScriptedHttp {
            val http = ScriptedHttp(first)
            http.on(Step.LIST, { call -> Reply(if (call.isStream()) stream else page) })
            http.sesame().use { sesame ->
                sesame.trigger(ACTION, context = refundContext)
                http.features = later
                val pending = sesame.trigger(ACTION, context = refundContext)
                withTimeout(10.seconds) { pending.await() }.status shouldBe ApprovalStatus.APPROVED
            }
            return http
        }

        listOf(null, "", "claim", "claim, receipts").forEach { later ->
            test("the stream is used for ever, though a later answer tells ${later?.let { "'$it'" } ?: "no features"}") {
                val http = waitAfter("claim, feed", later)
                http.sentTo(Step.LIST).filter { it.isStream() }.shouldNotBeEmpty()
                http.sentTo(Step.WAIT).shouldBeEmpty()
            }
        }

        test("a feature that comes later is used from then on, and one that never came isn't") {
            waitAfter("claim", "feed").sentTo(Step.WAIT).shouldBeEmpty()
            waitAfter("claim", "claim").run {
                sentTo(Step.WAIT).shouldNotBeEmpty()
                sentTo(Step.LIST).shouldBeEmpty()
            }
        }
    })
