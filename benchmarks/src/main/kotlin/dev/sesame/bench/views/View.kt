package dev.sesame.bench.views

import dev.sesame.ApprovalRequest
import dev.sesame.Sesame
import dev.sesame.bench.waits.ACTION
import dev.sesame.bench.waits.SUMMARY
import dev.sesame.java.AsyncSesame
import dev.sesame.java.BlockingSesame
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** One way in which a program waits. */
internal enum class View(val words: String) {
    COROUTINES("coroutines") {
        override fun of(sesame: Sesame): Waiter {
            val scope = CoroutineScope(Dispatchers.Default + SupervisorJob())
            return Waiter { id, told ->
                scope.launch(start = CoroutineStart.UNDISPATCHED) {
                    sesame.attach(id).await()
                    told()
                }
            }
        }
    },
    FUTURES("futures") {
        override fun of(sesame: Sesame): Waiter {
            val view = AsyncSesame.of(sesame)
            return Waiter { id, told -> view.attach(id).thenCompose { it.await() }.thenRun(told) }
        }
    },
    VIRTUAL_THREADS("blocked virtual threads") {
        override fun of(sesame: Sesame): Waiter {
            val view = BlockingSesame.of(sesame)
            return Waiter { id, told ->
                Thread.startVirtualThread {
                    view.attach(id).await()
                    told()
                }
            }
        }
    },
    ;

    abstract fun of(sesame: Sesame): Waiter

    companion object {
        /** Opens one request; on the broker's disk when it returns. */
        fun open(sesame: Sesame): String = runBlocking { sesame.trigger(ApprovalRequest(ACTION, SUMMARY)).id }
    }
}

/** Waits for that id without holding the thread that calls; tells when the decision is there. What it returns keeps the wait reachable. */
internal fun interface Waiter {
    fun begin(id: String, told: () -> Unit): Any
}
