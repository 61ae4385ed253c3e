package dev.sesame

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.seconds

/** What a dying broker or a proxy cuts off in the middle is no answer: the call is made again, and the block runs once. */
class CutAnswerTest :
    FunSpec({
        Cut.entries.forEach { cut ->
            test("each first answer is cut ${cut.name.lowercase().replace('_', ' ')}, and all goes its way") {
                CuttingServer(cut).use { server ->
                    var runs = 0
                    val sesame = Sesame {
                        apiKey = KEY
                        brokerUrl = server.url
                    }
                    sesame.use { withTimeout(60.seconds) { it.approve(ACTION, context = refundContext) { runs++ } } }
                    runs shouldBe 1
                    server.calls.keys shouldContainExactlyInAnyOrder setOf("approvals", "read", "claim", "outcome")
                    server.calls.values.min() shouldBe 2
                }
            }
        }
    })
