package dev.sesame.broker

import dev.sesame.broker.access.Revocations
import dev.sesame.broker.among.DatabaseClock
import dev.sesame.broker.among.EndRevoked
import dev.sesame.broker.among.TailEvents
import dev.sesame.broker.among.WorkTurn
import dev.sesame.broker.store.Committed
import dev.sesame.broker.store.Together
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope
import org.slf4j.LoggerFactory
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** This broker among others on one database: it hears of what they commit, lets them hear, and takes its turn at the work for all. */
internal class Among(
    private val together: Together,
    revocations: Revocations,
    private val clock: DatabaseClock,
    time: TimeSource,
    heard: (Committed) -> Unit,
) {
    /** From before the first call on: nobody who waits here can have missed what came later. */
    private val tail = TailEvents(together.events, runBlocking { together.events.newest() }, heard)
    private val endRevoked = EndRevoked(together, revocations)
    private val turn = WorkTurn(together.workLease, time)

    /** Something was committed here. */
    fun ring() = together.bell.ring()

    /** Whether it is this broker's turn now. */
    val holdsTurn: Boolean get() = turn.isHeld

    /** Does [work] whenever it is this broker's turn, until it is cancelled. */
    suspend fun inTurn(work: suspend () -> Unit) = turn.run(work)

    /** Goes on until it is cancelled. */
    suspend fun run(): Unit = supervisorScope {
        launch { tail.run() }
        launch { together.bell.carry() }
        launch { together.bell.listen(tail::nudge) }
        launch { each(1.seconds, "Looking for what was revoked elsewhere") { endRevoked.run() } }
        launch { each(5.seconds, "Looking for the primary") { together.seekNewest() } }
        launch { each(10.seconds, "Asking the database for its time") { clock.set(together) } }
    }

    private suspend fun each(pace: Duration, what: String, look: suspend () -> Unit): Unit = coroutineScope {
        while (isActive) {
            try {
                look()
            } catch (leaving: CancellationException) {
                throw leaving
            } catch (problem: Exception) {
                log.warn("{} failed; trying again later: {}", what, problem.message)
            }
            delay(pace)
        }
    }

    private companion object {
        val log = LoggerFactory.getLogger("dev.sesame.broker.among")!!
    }
}
