package dev.sesame.testing

import dev.sesame.AlreadyExecutedException
import dev.sesame.ApprovalDeniedException
import dev.sesame.ApprovalExpiredException
import dev.sesame.ApprovalStatus
import dev.sesame.ApprovalWithdrawnException
import dev.sesame.DedupConflictException
import dev.sesame.context
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.async
import kotlinx.serialization.json.put
import java.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes

class AnsweringTest :
    FunSpec({
        val broker by fakeBroker()

        test("a yes runs the block once, with what was approved") {
            val sesame = broker.sesame()
            val receipt =
                async { sesame.approve("payments.refund", context = context { put("cents", 4_200) }) { "${it.effectiveContext}" } }
            val pending = broker.awaitPending()
            pending.action shouldBe "payments.refund"
            broker.approver("ana").approves(pending, note = "fine").decision?.by?.name shouldBe "ana"
            receipt.await() shouldBe """{"cents":4200}"""
            broker.assertRanOnce(pending.id)
        }

        test("a no is told with its note, and nothing runs") {
            val sesame = broker.sesame()
            val answer = async { shouldThrow<ApprovalDeniedException> { sesame.approve("payments.refund") { error("ran") } } }
            val pending = broker.awaitPending()
            broker.approver("ana").denies(pending.id, note = "not today")
            answer.await().note shouldBe "not today"
            broker.assertNeverRan(pending.id)
        }

        test("silence expires it, once the clock says so") {
            val sesame = broker.sesame()
            val answer = async { shouldThrow<ApprovalExpiredException> { sesame.approve("payments.refund", expiresIn = 4.hours) { } } }
            val pending = broker.awaitPending()
            broker.clock.advance(4.hours - 1.minutes)
            broker.onlyPending().id shouldBe pending.id
            broker.clock.advance(Duration.ofMinutes(1))
            answer.await().approval.decidedAt shouldBe pending.expiresAt
            broker.pending shouldBe emptyList()
        }

        test("a jump of the clock lets each question expire in its own moment") {
            val sesame = broker.sesame()
            val asked = listOf(3.hours, 1.hours, 2.hours).map { sesame.trigger("a", expiresIn = it) }
            broker.clock.advance(10.hours)
            broker.asked.map { it.decidedAt } shouldBe asked.map { it.approval.expiresAt }
        }

        test("what is taken back runs nothing, and nobody answers it any more") {
            val sesame = broker.sesame()
            val asked = sesame.trigger("payments.refund")
            asked.cancel().status shouldBe ApprovalStatus.CANCELLED
            shouldThrow<ApprovalWithdrawnException> { asked.run { } }
            shouldThrow<IllegalStateException> { broker.approver("ana").approves(asked.id) }.message shouldContain
                "the first decision stands"
        }

        test("the same dedup key finds what ran already, and refuses anything else") {
            val sesame = broker.sesame()
            broker.approver("ana").approvesAll()
            sesame.approve("a", dedupKey = "k") { }
            shouldThrow<AlreadyExecutedException> { sesame.approve("a", dedupKey = "k") { } }
            shouldThrow<DedupConflictException> { sesame.approve("b", dedupKey = "k") { } }
            broker.asked.map { it.action } shouldBe listOf("a")
        }

        test("long polls work as the feed does") {
            val sesame = broker.sesame { longPollOnly = true }
            val run = async { sesame.approve("a") { "ran" } }
            broker.approver("ana").approves(broker.awaitPending())
            run.await() shouldBe "ran"
        }
    })
