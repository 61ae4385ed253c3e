package dev.sesame.internal

import dev.sesame.ACTION
import dev.sesame.Approval
import dev.sesame.ApprovalRequest
import dev.sesame.BrokerUnavailableException
import dev.sesame.RecordingListener
import dev.sesame.SesameConfig
import dev.sesame.refundContext
import io.kotest.matchers.collections.shouldBeEmpty
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.test.testTimeSource
import kotlin.coroutines.CoroutineContext
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

/** A client in virtual time over a scripted broker. */
@OptIn(ExperimentalCoroutinesApi::class)
internal class Rig(private val scope: TestScope, configure: SesameConfig.() -> Unit = {}) {
    val broker = ScriptedBroker(scope.testTimeSource)
    val listener = RecordingListener()
    private val own = WatchingDispatcher(StandardTestDispatcher(scope.testScheduler))
    private val config = SesameConfig().also { it.listener = listener }.apply(configure)
    val client = Client(config, broker, CompletableDeferred(), own, scope.testTimeSource, Random(20_261_120))

    /** As `Sesame.approve` does. */
    suspend fun <T> approve(
        timeout: Duration? = null,
        dedupKey: String? = null,
        how: HowToRun = HowToRun(),
        editable: List<String> = emptyList(),
        block: suspend (Approval) -> T,
    ): T {
        val request = ApprovalRequest(ACTION, context = refundContext, dedupKey = dedupKey, editable = editable)
        return client.approve(request, how, client.callerTime(timeout), block)
    }

    /** Nothing of the client's own goes on: no renewal, no report, no wait. */
    fun leavesNothing() {
        scope.advanceTimeBy(1.hours)
        scope.runCurrent()
        own.unfinished().shouldBeEmpty()
    }
}

/** Runs [test] in virtual time, and then looks whether the client left a coroutine behind. */
internal fun virtually(configure: SesameConfig.() -> Unit = {}, test: suspend TestScope.(Rig) -> Unit) = runTest(timeout = 20.seconds) {
    val rig = Rig(this, configure)
    try {
        test(rig)
        rig.leavesNothing()
    } finally {
        rig.client.close() // what was left behind would keep virtual time from ever coming to its end
    }
}

/** No answer, this time. */
internal fun lost(retryAfter: Duration? = null) = Retryable(retryAfter, BrokerUnavailableException("no answer"))

/** Knows the coroutines that were ever dispatched by it. */
@OptIn(InternalCoroutinesApi::class)
private class WatchingDispatcher(private val real: TestDispatcher) :
    CoroutineDispatcher(),
    Delay by real {
    private val seen = mutableSetOf<Job>()

    fun unfinished(): List<Job> = seen.filterNot { it.isCompleted }

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        context[Job]?.let { seen += it }
        real.dispatch(context, block)
    }
}
