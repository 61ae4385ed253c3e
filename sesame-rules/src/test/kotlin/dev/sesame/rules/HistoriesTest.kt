package dev.sesame.rules

import dev.sesame.ApprovalStatus
import dev.sesame.Mode
import io.kotest.common.ExperimentalKotest
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.PropTestConfig
import io.kotest.property.checkAll
import java.time.Duration
import java.time.Instant
import kotlin.random.Random

/** One dedup key of one [mode] from the first ask on: [witness] watches the approval that it stands for now. */
private class History(private val mode: Mode, private val saw: MutableSet<Any>) {
    private var now: Instant = noon
    private var record: ApprovalRecord? = null
    private var witness = Witness()
    private var asked = 0

    fun live(steps: List<Step>) {
        steps.forEachIndexed { index, step ->
            try {
                goOn(step)
            } catch (broken: AssertionError) {
                throw AssertionError("at step $index, $step: ${broken.message}", broken)
            }
        }
    }

    private fun goOn(step: Step) {
        now += step.wait
        val standing = record
        when (step) {
            is Step.Ask -> ask(step.question)
            is Step.Try -> if (standing == null) ask(refund) else attempt(standing, step.command)
        }
    }

    private fun ask(what: Question) {
        val question = what.copy(
            id = "ap_${++asked}",
            mode = mode,
            createdAt = now,
            expiresAt = now + Duration.ofMinutes(5),
            validForSeconds = 300,
            escalation = what.escalation?.copy(at = now.plusSeconds(60)),
            test = what.test.takeIf { mode == Mode.TEST },
        )
        val ruling = ApprovalRules.open(question, record, now).also(::note)
        val before = record
        val after = ruling.transition?.after ?: before
        if (before == null || before.status == ApprovalStatus.CANCELLED) {
            must("5: a free key opens what is asked", after == ApprovalRecord(question, Progress(), version = 1))
            witness = Witness()
        } else if (before.question.fingerprint() == what.fingerprint()) {
            must("5: the same key and question is the same approval", ruling is Ruling.Granted && after?.id == before.id)
            witness.sees(before, Command.Expire, ruling, now)
        } else {
            must("5: the same key and another question is a conflict", Ruling.Refused(Refusal.DEDUP_CONFLICT, ruling.transition) == ruling)
            witness.sees(before, Command.Expire, ruling, now)
        }
        record = after
    }

    private fun attempt(standing: ApprovalRecord, command: Command) {
        val ruling = ApprovalRules.judge(standing, command, now).also(::note)
        witness.sees(standing, command, ruling, now)
        val after = ruling.transition?.after ?: standing
        record = after
        if (ruling is Ruling.TimeFirst) attempt(after, command)
    }

    private fun Question.fingerprint() =
        listOf(action, requestHash, editable, asked?.approvalsRequired ?: approvalsRequired, asked?.groups ?: groups, approvalsPerGroup)

    private fun note(ruling: Ruling) {
        ruling.transition?.let { saw += it.event }
        (ruling as? Ruling.Refused)?.let { saw += it.refusal }
        if (ruling is Ruling.TimeFirst) saw += Ruling.TimeFirst::class
    }
}

/** Random lives of approvals, the same in each build; `-Dsesame.seeds=…` says how many new ones, and `-Dsesame.seed=…` beside it lives theirs again. */
@OptIn(ExperimentalKotest::class)
class HistoriesTest :
    FunSpec({
        test("the invariants hold after every step of any history, and nothing that can happen is left out") {
            val count = System.getProperty("sesame.seeds")?.toInt()
            val seed = System.getProperty("sesame.seed")?.toLong() ?: if (count == null) 1L else Random.nextLong()
            val saw = mutableSetOf<Any>()
            checkAll(PropTestConfig(seed = seed, iterations = count ?: 2_000), histories) { steps ->
                History(Mode.LIVE, saw).live(steps)
                History(Mode.TEST, saw).live(steps)
            }
            (Event.entries + Ruling.TimeFirst::class + Refusal.entries - saw) shouldBe emptyList()
        }
    })
