package dev.sesame.checks

import dev.sesame.AlreadyExecutedException
import dev.sesame.ApprovalDeniedException
import dev.sesame.ApprovalStatus
import dev.sesame.ApprovalTimeoutException
import dev.sesame.DedupConflictException
import dev.sesame.ExecutionState
import dev.sesame.Sesame
import dev.sesame.SesameException
import dev.sesame.context
import dev.sesame.contextAs
import dev.sesame.contextOf
import dev.sesame.gate
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.put
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds

@Serializable
internal class Payment(val customer: String, val cents: Long)

/** What the SDK promises, against a real broker over real HTTP; once with the shared stream, once with a long poll a wait. */
class GateTest :
    FunSpec({
        val rig = Rig()
        afterSpec { rig.close() }

        for ((way, longPolls) in listOf("the shared stream" to false, "long polls" to true)) {
            val sesame = rig.client { longPollOnly = longPolls }

            test("a yes runs the block once and returns its value, by $way") {
                coroutineScope {
                    val result =
                        async {
                            sesame.approve("yes.$longPolls", context = contextOf(Payment("ana", 42))) { it.contextAs<Payment>().cents }
                        }
                    val id = rig.pending("yes.$longPolls").id
                    rig.person.approve(id, "fine")
                    result.await() shouldBe 42
                    sesame.find(id)?.execution?.state shouldBe ExecutionState.SUCCEEDED
                }
            }

            test("a no throws with the note and runs nothing, by $way") {
                coroutineScope {
                    val ran = AtomicInteger()
                    val refused =
                        async { shouldThrow<ApprovalDeniedException> { sesame.approve("no.$longPolls") { ran.incrementAndGet() } } }
                    rig.person.deny(rig.pending("no.$longPolls").id, "not today")
                    refused.await().note shouldBe "not today"
                    ran.get() shouldBe 0
                }
            }

            test("a caller who gave up runs nothing, even where the yes comes later; attaching goes on, by $way") {
                val ran = AtomicInteger()
                val gaveUp = shouldThrow<ApprovalTimeoutException> {
                    sesame.approve("late.$longPolls", timeout = 300.milliseconds) { ran.incrementAndGet() }
                }
                val id = gaveUp.approvalId!!
                rig.person.approve(id)
                ran.get() shouldBe 0
                sesame.attach(id).run { "went on" } shouldBe "went on"
            }

            test("two replicas racing with one key: exactly one runs the block, by $way") {
                coroutineScope {
                    val other = rig.client { longPollOnly = longPolls }
                    val ran = AtomicInteger()
                    val calls = (1..10).map { async { endOf("race.$longPolls", if (it % 2 == 0) sesame else other, ran) } }
                    val id = rig.pending("race.$longPolls").id
                    rig.person.approve(id)
                    calls.count { it.await() == "ran" } shouldBe 1
                    ran.get() shouldBe 1
                }
            }
        }

        test("the same key again after success says so, and the same key for something else is a conflict") {
            val sesame = rig.client()
            coroutineScope {
                val first = async { sesame.approve("once", context = context { put("n", 1) }, dedupKey = "once") { "ran" } }
                rig.person.approve(rig.pending("once").id)
                first.await() shouldBe "ran"
            }
            shouldThrow<AlreadyExecutedException> {
                sesame.approve("once", context = context { put("n", 1) }, dedupKey = "once") { "again" }
            }
            shouldThrow<DedupConflictException> { sesame.approve("once", context = context { put("n", 2) }, dedupKey = "once") { "other" } }
        }

        test("cancelling ends the wait and keeps the question, unless it is to be withdrawn") {
            val keeping = rig.client()
            val withdrawing = rig.client { cancelOnAbandon = true }
            coroutineScope {
                val kept = launch { keeping.approve("kept") {} }
                val taken = launch { withdrawing.approve("taken") {} }
                val ids = listOf(rig.pending("kept").id, rig.pending("taken").id)
                kept.cancelAndJoin()
                taken.cancelAndJoin()
                keeping.find(ids[0])?.status shouldBe ApprovalStatus.PENDING
                keeping.find(ids[1])?.status shouldBe ApprovalStatus.CANCELLED
            }
        }

        test("a gated function gets its arguments as approved; its approvals are listed newest first") {
            val sesame = rig.client()
            val pay = sesame.gate<Payment, String>("gated.pay") { "paid ${it.cents} to ${it.customer}" }
            for (cents in 1L..3L) {
                coroutineScope {
                    val paid = async { pay(Payment("ana", cents)) }
                    val asked = rig.pending("gated.pay")
                    asked.summary shouldBe "Run gated.pay with customer = \"ana\", cents = $cents"
                    rig.person.approve(asked.id)
                    paid.await() shouldBe "paid $cents to ana"
                }
            }
            sesame.approvals(action = "gated.pay").map { it.contextAs<Payment>().cents }.toList() shouldContainExactly listOf(3L, 2L, 1L)
        }
    })

/** How a call ended: that it ran, or what refused it. */
private suspend fun endOf(action: String, client: Sesame, ran: AtomicInteger): String = try {
    client.approve(action, dedupKey = action) {
        ran.incrementAndGet()
        "ran"
    }
} catch (refused: SesameException) {
    refused.javaClass.simpleName
}
