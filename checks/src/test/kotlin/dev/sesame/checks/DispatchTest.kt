package dev.sesame.checks

import dev.sesame.Approval
import dev.sesame.DecisionHandlers
import dev.sesame.ExecutionState
import dev.sesame.ExecutionUnknownException
import dev.sesame.ProtocolException
import dev.sesame.Sesame
import dev.sesame.contextAs
import dev.sesame.contextOf
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.util.concurrent.atomic.AtomicInteger

/** The deferred gate against a real broker: asked here, decided there, run by whoever gets the webhook first, once. */
class DispatchTest :
    FunSpec({
        val rig = Rig()
        val sesame = rig.client()
        val other = rig.client()
        val delivery = Delivery()
        afterSpec { rig.close() }

        suspend fun approved(action: String): Approval {
            val asked = sesame.trigger(action, context = contextOf(Payment("ana", 42)))
            return rig.person.approve(asked.id, "fine")
        }

        fun counting(client: Sesame, action: String, ran: AtomicInteger) = DecisionHandlers(client) {
            on(action) { event ->
                ran.incrementAndGet()
                event.contextAs<Payment>().cents
            }
        }

        test("an approved event is claimed, run, and reported, in another process than the one that asked") {
            val approval = approved("deferred")
            val result = counting(other, "deferred", AtomicInteger()).dispatch(delivery.of(approval))
            result.value shouldBe 42
            sesame.find(approval.id)?.execution?.state shouldBe ExecutionState.SUCCEEDED
        }

        test("it is run while its claim stands: the broker knows it before the handler does anything") {
            val approval = approved("claimed")
            val handlers = DecisionHandlers(other) { on("claimed") { sesame.find(it.approvalId)?.execution?.state } }
            handlers.dispatch(delivery.of(approval)).value shouldBe ExecutionState.CLAIMED
        }

        test("twenty deliveries at once to two clients run it once, and a replay much later doesn't run it either") {
            val approval = approved("race")
            val ran = AtomicInteger()
            val handlers = listOf(counting(sesame, "race", ran), counting(other, "race", ran))
            val results = coroutineScope {
                (1..20).map { async { handlers[it % 2].dispatch(delivery.of(approval, id = "msg_${it % 4}")) } }.awaitAll()
            }
            results.filter { it.hasRun } shouldHaveSize 1
            results.filterNot { it.hasRun }.all { it.isRepeat } shouldBe true
            val replay = counting(rig.client(), "race", ran).dispatch(delivery.of(approval))
            replay.run { isRepeat && mayAcknowledge } shouldBe true
            ran.get() shouldBe 1
        }

        test("a delivery that comes while the first is under way is not acknowledged, and the next one is") {
            val approval = approved("slow")
            val started = CompletableDeferred<Unit>()
            val go = CompletableDeferred<Unit>()
            val handlers = DecisionHandlers(sesame) {
                on("slow") {
                    started.complete(Unit)
                    go.await()
                }
            }
            coroutineScope {
                val first = async { handlers.dispatch(delivery.of(approval)) }
                started.await()
                handlers.dispatch(delivery.of(approval)).mayAcknowledge shouldBe false
                go.complete(Unit)
                first.await().hasRun shouldBe true
            }
            handlers.dispatch(delivery.of(approval)).mayAcknowledge shouldBe true
        }

        test("what approve ran already, a webhook about it doesn't run again") {
            val approval = approved("both")
            sesame.attach(approval.id).run { "ran" } shouldBe "ran"
            val ran = AtomicInteger()
            counting(other, "both", ran).dispatch(delivery.of(approval)).isRepeat shouldBe true
            ran.get() shouldBe 0
        }

        test("a handler that throws leaves it unknown: only atLeastOnce runs it again, unless somebody settles it") {
            val approval = approved("broken")
            val ran = AtomicInteger()
            val broken = DecisionHandlers(sesame) { on("broken") { error("halfway ${ran.incrementAndGet()}") } }
            shouldThrow<IllegalStateException> { broken.dispatch(delivery.of(approval)) }
            sesame.find(approval.id)?.execution?.state shouldBe ExecutionState.UNKNOWN
            shouldThrow<ExecutionUnknownException> { broken.dispatch(delivery.of(approval)) }
            ran.get() shouldBe 1

            val again = DecisionHandlers(other) {
                atLeastOnce = true
                on("broken") { "done" }
            }
            again.dispatch(delivery.of(approval)).value shouldBe "done"
            sesame.find(approval.id)?.execution?.state shouldBe ExecutionState.SUCCEEDED
        }

        test("a no runs nothing, unless it is registered; a webhook that calls it a yes runs nothing either") {
            val asked = sesame.trigger("refused", context = contextOf(Payment("ana", 42)))
            val denied = rig.person.deny(asked.id, "not today")
            val ran = AtomicInteger()
            counting(sesame, "refused", ran).dispatch(delivery.of(denied)).hasRun shouldBe false
            shouldThrow<ProtocolException> { counting(sesame, "refused", ran).dispatch(delivery.of(denied, status = "approved")) }
            ran.get() shouldBe 0
            DecisionHandlers(sesame) { onDenied { it.note } }.dispatch(delivery.of(denied)).value shouldBe "not today"
        }

        test("a webhook about what is still pending runs nothing and waits for nothing") {
            val pending = sesame.trigger("early", context = contextOf(Payment("ana", 42))).approval
            val ran = AtomicInteger()
            shouldThrow<ProtocolException> { counting(sesame, "early", ran).dispatch(delivery.of(pending, status = "approved")) }
            ran.get() shouldBe 0
        }
    })
