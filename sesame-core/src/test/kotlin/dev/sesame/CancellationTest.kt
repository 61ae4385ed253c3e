package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.io.IOException
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A caller's own cancellation stays one, ends the call, and runs nothing. */
class CancellationTest :
    FunSpec({
        listOf(Step.OPEN, Step.WAIT, Step.CLAIM).forEach { step ->
            test("a caller who is cancelled during $step runs nothing, and is cancelled") {
                val http = ScriptedHttp()
                val reached = CompletableDeferred<Unit>()
                http.on(step, { reached.complete(Unit).let { awaitCancellation() } }, { grant() })
                var ran = false
                http.sesame().use { sesame ->
                    withContext(Dispatchers.Default) {
                        val call = async { sesame.approve(ACTION, context = refundContext) { ran = true } }
                        withTimeout(5.seconds) { reached.await() }
                        call.cancel()
                        shouldThrow<CancellationException> { call.await() }
                    }
                }
                ran shouldBe false
                http.leavesNothing()
            }
        }

        test("an engine that says that it was cancelled is a fault like another: the caller isn't") {
            val http = ScriptedHttp()
            http.on(Step.WAIT, { throw CancellationException("Closed selector") }, { Reply(document()) })
            http.sesame().use { it.approve(ACTION, context = refundContext) { "ran" } } shouldBe "ran"
        }

        test("a caller's own timeout around the call is the caller's") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { awaitCancellation() }) }
            http.sesame().use { sesame ->
                shouldThrow<TimeoutCancellationException> {
                    withTimeout(200.milliseconds) { sesame.approve(ACTION, context = refundContext) { error("never") } }
                }
            }
            http.leavesNothing()
        }

        test("a yes that comes after the caller's timeout runs nothing") {
            val http = ScriptedHttp()
            val late = CompletableDeferred<Unit>()
            http.on(Step.WAIT, {
                late.await()
                Reply(document())
            })
            http.sesame().use { sesame ->
                shouldThrow<ApprovalTimeoutException> {
                    sesame.approve(ACTION, context = refundContext, timeout = 200.milliseconds) { error("never") }
                }
                late.complete(Unit)
                http.leavesNothing()
            }
            http.sentTo(Step.CLAIM).shouldBeEmpty()
        }

        test("no failure of ours is a cancellation") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { throw IOException("reset") }) }
            val problem: Throwable = http.refusal(timeout = 200.milliseconds)
            (problem is CancellationException) shouldBe false
        }
    })
