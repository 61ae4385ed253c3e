package dev.sesame.broker

import dev.sesame.broker.approval.ExpireDue
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import org.slf4j.LoggerFactory
import kotlin.time.Duration.Companion.milliseconds

/** What the broker does at its own pace, beside the calls. */
internal class Workers(private val expireDue: ExpireDue) {
    fun start(scope: CoroutineScope) {
        scope.launch {
            while (isActive) {
                val more = round()
                if (!more) delay(PACE)
            }
        }
    }

    /** A failed round is said and tried again: the store may come back. */
    private suspend fun round(): Boolean = try {
        expireDue.run() == ExpireDue.ROUND
    } catch (leaving: CancellationException) {
        throw leaving
    } catch (problem: Exception) {
        log.error("Expiring failed; trying again", problem)
        false
    }

    private companion object {
        /** Expiry is promised to the second; the wall clock is looked at anew each time, so that its jumps are noticed. */
        val PACE = 250.milliseconds
        val log = LoggerFactory.getLogger("dev.sesame.broker")!!
    }
}
