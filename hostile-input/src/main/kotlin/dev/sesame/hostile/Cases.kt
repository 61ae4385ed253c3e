package dev.sesame.hostile

import java.lang.management.ManagementFactory
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicReference
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Tries many cases, each from a seed of its own, on one thread with half the stack that threads usually have.
 *
 * A case that throws, doesn't end within [longest] or takes more than [mostBytes] of memory fails the test with its seed, and
 * `-Dsesame.seed=…` tries that one alone. A build tries the same [count] cases each time, so that a change is blamed for nothing but what it
 * did; `-Dsesame.cases=100` tries a hundred times as many, new ones each time.
 */
public class Cases(private val count: Int, private val longest: Duration = 10.seconds, private val mostBytes: Long = 128L * 1024 * 1024) {
    /** Makes an input of each seed and judges it; what [check] throws is a failure. */
    public fun <T> each(make: (Random) -> T, check: (T) -> Unit) {
        Trial(seeds(), make, check).run()
    }

    private fun seeds(): List<Long> {
        System.getProperty("sesame.seed")?.let { return listOf(it.toLong()) }
        val times = System.getProperty("sesame.cases")?.toInt() ?: return List(count) { it.toLong() }
        val first = Random.nextLong()
        return List(count * times) { first + it }
    }

    private inner class Trial<T>(private val seeds: List<Long>, private val make: (Random) -> T, private val check: (T) -> Unit) {
        private val failure = AtomicReference<Throwable>()
        private val ended = CountDownLatch(1)

        @Volatile private var seed = 0L

        @Volatile private var input: T? = null

        @Volatile private var beganAt = System.nanoTime()

        fun run() {
            val worker = Thread(null, ::tryAll, "hostile-input", STACK_BYTES).apply { isDaemon = true }
            worker.start()
            while (!ended.await(LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - beganAt >
                    longest.inWholeNanoseconds
                ) {
                    throw failed("goes on for more than $longest", stuckIn(worker))
                }
            }
            failure.get()?.let { throw failed("$it", it) }
        }

        private fun tryAll() {
            try {
                seeds.forEach(::tryOne)
            } catch (problem: Throwable) { // an overflow of the stack above all
                failure.set(problem)
            } finally {
                ended.countDown()
            }
        }

        private fun tryOne(next: Long) {
            seed = next
            input = null
            val made = make(Random(next))
            input = made
            beganAt = System.nanoTime()
            val before = memory.currentThreadAllocatedBytes
            check(made)
            val taken = memory.currentThreadAllocatedBytes - before
            if (taken > mostBytes) throw AssertionError("took $taken bytes of memory")
        }

        private fun failed(what: String, cause: Throwable) =
            AssertionError("$what. Again: -Dsesame.seed=$seed. The input: ${input.toString().take(LONGEST_SHOWN)}", cause)

        private fun stuckIn(worker: Thread) = IllegalStateException("still here").apply { stackTrace = worker.stackTrace }
    }

    private companion object {
        const val STACK_BYTES = 512L * 1024
        const val LOOK_EVERY_MS = 50L
        const val LONGEST_SHOWN = 1_000
        val memory = ManagementFactory.getThreadMXBean() as com.sun.management.ThreadMXBean
    }
}
