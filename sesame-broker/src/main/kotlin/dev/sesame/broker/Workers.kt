package dev.sesame.broker

import dev.sesame.broker.approval.EraseValues
import dev.sesame.broker.approval.EscalateDue
import dev.sesame.broker.approval.ExpireDue
import dev.sesame.broker.approval.ForgetOld
import dev.sesame.broker.approval.NextDue
import dev.sesame.broker.delivery.DeliverDue
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import org.slf4j.LoggerFactory
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** What the broker does at its own pace, beside the calls: some of it each broker for itself, and some one for all on the same database. */
internal class Workers(
    private val nextDue: NextDue,
    private val expireDue: ExpireDue,
    private val escalateDue: EscalateDue,
    private val forgetOld: ForgetOld,
    private val eraseValues: EraseValues,
    private val deliverDue: DeliverDue,
    private val count: suspend () -> Unit,
    private val tellApprovers: suspend () -> Unit,
    private val answerApprovers: suspend () -> Unit,
    private val checkpoint: suspend () -> Unit,
    private val lookAtPolicy: suspend () -> Unit,
    private val lookAtDatabase: suspend () -> Unit,
    private val among: Among?,
) {
    fun start(scope: CoroutineScope) {
        scope.launch { among?.run() }
        scope.untilDone("Answering approvers") { answerApprovers() }
        scope.repeatedly("Looking at the policy", 1.seconds) { false.also { lookAtPolicy() } }
        scope.repeatedly("Looking whether the database is still this broker's", 1.seconds) { false.also { lookAtDatabase() } }
        scope.repeatedly("Counting for the metrics", 10.seconds) { false.also { count() } }
        scope.launch { if (among == null) workForAll() else among.inTurn(::workForAll) }
    }

    /** Each for itself: what ends one of them by a fault of its own leaves the others. */
    private suspend fun workForAll() = supervisorScope {
        // Expiry is promised to the second.
        repeatedly("Expiring", 250.milliseconds) { nextDue.isDue { it.ends } && expireDue.run() == ExpireDue.ROUND }
        repeatedly("Escalating", 250.milliseconds) { nextDue.isDue { it.escalates } && escalateDue.run() == EscalateDue.ROUND }
        repeatedly("Forgetting", 1.hours) { forgetOld.run() }
        repeatedly("Erasing", 5.seconds) { nextDue.isDue { it.erases } && eraseValues.run() == EraseValues.ROUND }
        launch { deliverDue.run() }
        untilDone("Telling approvers") { tellApprovers() }
        repeatedly("Signing a checkpoint", 1.minutes) { false.also { checkpoint() } }
        Unit
    }

    private fun CoroutineScope.untilDone(what: String, work: suspend () -> Unit) = launch {
        while (isActive && !orLater(what) { true.also { work() } }) delay(5.seconds)
    }

    private fun CoroutineScope.repeatedly(what: String, pace: Duration, round: suspend () -> Boolean) = launch {
        while (isActive) {
            val more = orLater(what, round)
            if (!more) delay(pace)
        }
    }

    /** A failed round is said and tried again: the store may come back. */
    private suspend fun orLater(what: String, round: suspend () -> Boolean): Boolean = try {
        round()
    } catch (leaving: CancellationException) {
        throw leaving
    } catch (problem: Exception) {
        log.error("$what failed; trying again later", problem)
        false
    }

    private companion object {
        val log = LoggerFactory.getLogger("dev.sesame.broker")!!
    }
}
