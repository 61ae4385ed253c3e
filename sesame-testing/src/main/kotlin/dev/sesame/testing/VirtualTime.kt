package dev.sesame.testing

import dev.sesame.testing.internal.VirtualTime
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.job
import kotlinx.coroutines.test.TestCoroutineScheduler
import kotlinx.coroutines.test.TestScope
import java.time.Instant

// Apart from the rest, since it needs kotlinx-coroutines-test.

/**
 * A clock that starts at [start] and goes on with [scheduler]: hours of waiting are over at once, expiries come in their order, and nothing
 * depends on how fast the machine is. Broker and clients run on the scheduler, so that `advanceUntilIdle` ends where only waits are left.
 */
@JvmSynthetic
public fun MovableClock.Companion.following(
    scheduler: TestCoroutineScheduler,
    start: Instant = Instant.ofEpochMilli(System.currentTimeMillis()),
): MovableClock = MovableClock(VirtualTime(scheduler, start))

/** A broker in the time of this `runTest`, closed when the test ends. */
@OptIn(ExperimentalCoroutinesApi::class)
@JvmSynthetic
public fun TestScope.fakeBroker(): FakeBroker {
    val broker = FakeBroker(MovableClock.following(testScheduler))
    backgroundScope.coroutineContext.job.invokeOnCompletion { broker.close() }
    return broker
}
