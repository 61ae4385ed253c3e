package dev.sesame.bench.rates

import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

/** What many callers did at once: how many calls, in which time, and how long each took. */
internal class Load(val calls: Int, val seconds: Double, private val micros: DoubleArray) {
    val perSecond: Double get() = calls / seconds

    /** [part] of the calls took no longer, in milliseconds. */
    fun millis(part: Double): Double = if (micros.isEmpty()) 0.0 else micros[((micros.size - 1) * part).toInt()] / US_IN_MS

    /** The same calls, with what they led to taken into the time. */
    fun lasting(seconds: Double) = Load(calls, seconds, micros)

    companion object {
        /**
         * Each of [callers] makes its own means to call, begins when all have them, and calls again and again until [seconds] are over or its
         * call says that there is nothing left. What one of them throws is thrown here.
         */
        fun of(callers: Int, seconds: Double, caller: (Int) -> Caller): Load {
            val failed = ConcurrentLinkedQueue<Throwable>()
            val ready = CountDownLatch(callers)
            val go = CountDownLatch(1)
            val times = Array(callers) { ArrayList<Double>() }
            val threads = List(callers) { index ->
                thread(name = "caller-$index") {
                    try {
                        caller(index).also { ready.countDown() }.use { own ->
                            go.await()
                            call(own, seconds, times[index])
                        }
                    } catch (problem: Throwable) { // the run has failed by it
                        failed += problem
                        ready.countDown()
                    }
                }
            }
            ready.await()
            val began = System.nanoTime()
            go.countDown()
            threads.forEach { it.join() }
            val took = (System.nanoTime() - began) / NS_IN_S
            failed.firstOrNull()?.let { throw IllegalStateException("a caller failed: ${it.message}", it) }
            val micros = times.flatMap { it }.toDoubleArray().apply { sort() }
            return Load(micros.size, took, micros)
        }

        private fun call(caller: Caller, seconds: Double, times: MutableList<Double>) {
            val end = System.nanoTime() + (seconds * NS_IN_S).toLong()
            while (true) {
                val before = System.nanoTime()
                if (before >= end || !caller.call()) return
                times += (System.nanoTime() - before) / NS_IN_US
            }
        }

        private const val NS_IN_S = 1e9
        private const val NS_IN_US = 1e3
        private const val US_IN_MS = 1e3
    }
}

/** One of many who call at once; used by one thread. */
internal interface Caller : AutoCloseable {
    /** One call, and its answer; `false`: there was nothing left to call for, and no call. */
    fun call(): Boolean
}
