package dev.sesame.broker.simulation

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlin.random.Random

/**
 * Lets one actor at a time run, from one of its turns to the next, in an order that [random] chooses: the same seed is the same order, whatever
 * threads do.
 */
internal class Turns(private val random: Random) {
    private class Turn(val process: Process) {
        val come = CompletableDeferred<Unit>()
    }

    private val waiting = ArrayList<Turn>()
    private val paused = Channel<Unit>(Channel.UNLIMITED)
    private var broken: Throwable? = null

    val isOver: Boolean get() = waiting.isEmpty()

    /** Lets the others go on first. It throws [Killed] where the process has died meanwhile. */
    suspend fun next(process: Process) {
        if (broken != null) throw Killed()
        val turn = Turn(process).also(waiting::add)
        paused.send(Unit)
        take(turn)
    }

    /** Begins an actor, which runs when its turn comes. */
    fun start(scope: CoroutineScope, process: Process, act: suspend () -> Unit) {
        val turn = Turn(process).also(waiting::add)
        scope.launch {
            try {
                take(turn)
                act()
            } catch (_: Killed) {
                // that is how it ends
            } catch (problem: Throwable) { // it ends the history
                broken = broken ?: problem
            } finally {
                paused.send(Unit)
            }
        }
    }

    /** One actor's turn; when this returns, it waits for its next one or has ended. What it found wrong is thrown, and the others end. */
    suspend fun one() {
        waiting.removeAt(random.nextInt(waiting.size)).come.complete(Unit)
        paused.receive()
        broken?.let { problem ->
            waiting.forEach { it.come.complete(Unit) }
            throw problem
        }
    }

    private suspend fun take(turn: Turn) {
        turn.come.await()
        if (broken != null || !turn.process.isAlive) throw Killed()
    }
}

/** What dies at once, with everything that runs in it. */
internal class Process {
    var isAlive = true
        private set

    fun kill() {
        isAlive = false
    }
}

/** The process has ended where the actor was. */
internal class Killed : RuntimeException("killed")
