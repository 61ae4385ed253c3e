package dev.sesame.broker

import dev.sesame.broker.approval.EscalateDue
import dev.sesame.broker.approval.EraseValues
import dev.sesame.broker.approval.ExpireDue
import dev.sesame.broker.approval.ForgetOld
import dev.sesame.broker.delivery.DeliverDue
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import org.slf4j.LoggerFactory
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** What the broker does at its own pace, beside the calls. */
internal class Workers(
    private val expireDue: ExpireDue,
    private val escalateDue: EscalateDue,
    private val forgetOld: ForgetOld,
    private val eraseValues: EraseValues,
    private val deliverDue: DeliverDue,
    private val countPending: suspend () -> Unit,
    private val tellApprovers: suspend () -> Unit,
    private val checkpoint: suspend () -> Unit,
    private val lookAtPolicy: suspend () -> Unit,
) {
    fun start(scope: CoroutineScope) {
        // Expiry is promised to the second; the wall clock is looked at anew each time, so that its jumps are noticed.
        scope.repeatedly("Expiring", 250.milliseconds) { expireDue.run() == ExpireDue.ROUND }
        scope.repeatedly("Escalating", 250.milliseconds) { escalateDue.run() == EscalateDue.ROUND }
        scope.repeatedly("Forgetting", 1.hours) { forgetOld.run() }
        scope.repeatedly("Erasing", 5.seconds) { eraseValues.run() == EraseValues.ROUND }
        scope.launch { deliverDue.run() }
        scope.launch { while (isActive && !orLater("Telling approvers") { true.also { tellApprovers() } }) delay(5.seconds) }
        scope.repeatedly("Signing a checkpoint", 1.minutes) { false.also { checkpoint() } }
        scope.repeatedly("Looking at the policy", 1.seconds) { false.also { lookAtPolicy() } }
        scope.repeatedly("Counting deliveries", 10.seconds) { false.also { countPending() } }
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
