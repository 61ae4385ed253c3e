package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.serialization.json.JsonObject

private fun event(status: String = "approved", edited: JsonObject? = null, action: String = ACTION) =
    arrival(eventBody(status, edited, action).toBytes()).verified()

/** A broker that knows one approval, and grants the claim on it. */
private fun broker(approval: JsonObject = document()) = ScriptedHttp().apply {
    on(Step.READ, { Reply(approval) })
    on(Step.CLAIM, { grant(approval) })
}

private suspend fun <T> ScriptedHttp.dispatching(register: DecisionHandlersConfig.() -> Unit, use: suspend DecisionHandlers.() -> T): T =
    sesame().use { DecisionHandlers(it, register).use() }

private fun ScriptedHttp.outcome() = sentTo(Step.OUTCOME).last().text("outcome")

/** An approved event: the broker is asked, the claim taken, the handler run, the outcome told. */
class DispatchTest :
    FunSpec({
        test("the handler of the action runs under a claim, and its value is returned") {
            val http = broker()
            val result = http.dispatching({ on(ACTION) { "refunded ${it.effectiveContext["amount"]}" } }) { dispatch(event()) }
            result.value shouldBe "refunded 4200"
            result.hasRun shouldBe true
            result.mayAcknowledge shouldBe true
            http.sent.map { it.step } shouldContainExactly listOf(Step.READ, Step.CLAIM, Step.OUTCOME)
            http.outcome() shouldBe "succeeded"
        }

        test("it gets what was approved, with an approver's edits, and the claim names just that") {
            val http = broker(document(edited = editedContext))
            val result = http.dispatching({ on(ACTION) { it.effectiveContext } }) { dispatch(event(edited = editedContext)) }
            result.value shouldBe editedContext
            http.sentTo(Step.CLAIM).single().text("context_hash") shouldBe event(edited = editedContext).contextHash
        }

        test("the same delivery again costs no call, and another delivery of the same asks the broker, which refuses") {
            val http = broker()
            var runs = 0
            http.dispatching({ on(ACTION) { ++runs } }) {
                dispatch(event())
                val calls = http.sent.size
                dispatch(event()).isRepeat shouldBe true
                http.sent.size shouldBe calls

                http.on(Step.CLAIM, { problem(409, "already_executed") })
                val body = eventBody().toBytes()
                val again = verifier().verify(body, WebhookSigner(secret).headers("msg_2", body, NOW).mapValues { listOf(it.value) })
                dispatch(again).run { isRepeat && mayAcknowledge && !hasRun && value == null } shouldBe true
            }
            runs shouldBe 1
        }

        test("an ignored action is acknowledged, and neither claimed nor run, whatever else is registered") {
            val http = broker()
            val ignoring: DecisionHandlersConfig.() -> Unit = {
                ignore(ACTION)
                otherwise { error("ran") }
            }
            http.dispatching(ignoring) { dispatch(event()).run { mayAcknowledge && !hasRun } shouldBe true }
            http.sent.map { it.step }.shouldBeEmpty()
        }

        test("an action can't be both run and ignored") {
            val registrations = listOf<DecisionHandlersConfig.() -> Unit>(
                { on(ACTION) { }.also { ignore(ACTION) } },
                { ignore(ACTION).also { on(ACTION) { } } },
                { ignore(ACTION, ACTION) },
            )
            registrations.forEach { shouldThrow<InvalidRequestException> { broker().dispatching(it) { } } }
        }

        test("while another call runs it nothing runs here, and the webhook should come again") {
            val http = broker().apply { on(Step.CLAIM, { problem(409, "already_claimed") }, { grant() }) }
            http.dispatching({ on(ACTION) { "ran" } }) {
                val first = dispatch(event())
                first.isRepeat shouldBe true
                first.mayAcknowledge shouldBe false
                // That run said that it did nothing.
                dispatch(event()).value shouldBe "ran"
            }
        }

        test("an exception of the handler passes unchanged and leaves the outcome unknown; the delivery isn't remembered as done") {
            val http = broker()
            http.dispatching({ on(ACTION) { error("halfway") } }) {
                shouldThrow<IllegalStateException> { dispatch(event()) }.message shouldBe "halfway"
                http.outcome() shouldBe "unknown"
                http.on(Step.CLAIM, { problem(409, "outcome_unknown") })
                shouldThrow<ExecutionUnknownException> { dispatch(event()) }
            }
            http.sentTo(Step.CLAIM).none { "after_unknown" in it.body } shouldBe true
        }

        test("an exception that is safe to retry is told as failed, and the next delivery runs it") {
            val http = broker()
            var runs = 0
            val register: DecisionHandlersConfig.() -> Unit = {
                on(ACTION, safeToRetry = { it is IllegalStateException }) { if (++runs == 1) error("not sent") else "sent" }
            }
            http.dispatching(register) {
                shouldThrow<IllegalStateException> { dispatch(event()) }
                http.outcome() shouldBe "failed"
                dispatch(event()).value shouldBe "sent"
            }
        }

        test("a handler's own failure is never taken for a repeat") {
            val http = broker()
            http.dispatching({ on(ACTION) { throw AlreadyExecutedException(OTHER_ID) } }) {
                shouldThrow<AlreadyExecutedException> { dispatch(event()) }.approvalId shouldBe OTHER_ID
            }
            http.outcome() shouldBe "unknown"
        }

        test("with atLeastOnce, and only then, what ended without a word runs again") {
            val http = broker()
            http.dispatching({
                atLeastOnce = true
                on(ACTION) { "again" }
            }) { dispatch(event()).value shouldBe "again" }
            http.sentTo(Step.CLAIM).single().body["after_unknown"].toString() shouldBe "true"
        }

        test("cancelling leaves a handler that had started unknown") {
            val http = broker()
            val started = CompletableDeferred<Unit>()
            http.dispatching({
                on(ACTION) {
                    started.complete(Unit)
                    awaitCancellation()
                }
            }) {
                coroutineScope {
                    val dispatching = launch { dispatch(event()) }
                    started.await()
                    dispatching.cancelAndJoin()
                }
            }
            http.outcome() shouldBe "unknown"
        }

        test("an action without a handler is an error that names the others, and nothing is claimed") {
            val http = broker()
            http.dispatching({
                on("payments.payout") { error("never") }
                on("deploys.production") { error("never") }
            }) {
                val problem = shouldThrow<UnhandledActionException> { dispatch(event()) }
                problem.action shouldBe ACTION
                problem.message!! shouldContain "deploys.production, payments.payout"
            }
            http.sent.shouldBeEmpty()
        }

        test("otherwise runs what has no handler of its own, under a claim too") {
            val http = broker()
            http.dispatching({
                on("payments.payout") { error("never") }
                otherwise { it.action }
            }) { dispatch(event()).value shouldBe ACTION }
            http.sent.map { it.step } shouldContainExactly listOf(Step.READ, Step.CLAIM, Step.OUTCOME)
        }

        for (status in listOf("denied", "expired", "cancelled")) {
            test("$status runs nothing unless it is registered, and otherwise is not meant") {
                val http = broker()
                http.dispatching({
                    on(ACTION) { error("never") }
                    otherwise { error("never") }
                }) { dispatch(event(status)).run { hasRun || isRepeat || !mayAcknowledge } shouldBe false }
                http.dispatching({
                    onDenied { "denied" }
                    onExpired { "expired" }
                    onCancelled { "cancelled" }
                }) {
                    dispatch(event(status)).value shouldBe status
                    dispatch(event(status)).isRepeat shouldBe true
                }
                http.sent.shouldBeEmpty()
            }
        }

        test("two handlers for one decision are refused at once") {
            ScriptedHttp().sesame().use { sesame ->
                val twice = listOf<DecisionHandlersConfig.() -> Unit>(
                    { repeat(2) { on(ACTION) {} } },
                    { repeat(2) { onDenied {} } },
                    { repeat(2) { onExpired {} } },
                    { repeat(2) { onCancelled {} } },
                    { repeat(2) { otherwise {} } },
                )
                twice.forEach { register -> shouldThrow<InvalidRequestException> { DecisionHandlers(sesame, register) } }
                DecisionHandlers(sesame) { on(ACTION) {} }.toString() shouldBe "DecisionHandlers($ACTION)"
            }
        }
    })
