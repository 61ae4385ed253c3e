package dev.sesame.broker

import dev.sesame.broker.store.DatabaseCall
import io.micrometer.core.instrument.Counter
import io.micrometer.core.instrument.Gauge
import io.micrometer.core.instrument.MeterRegistry
import io.micrometer.core.instrument.Timer
import java.time.Duration
import kotlin.time.toJavaDuration

/** How the database does, as this broker's calls find it. */
internal class DatabaseMetrics(registry: MeterRegistry) {
    @Volatile private var isUp = true

    private val times: Map<Boolean, Timer> = listOf(true, false).associateWith { isWrite ->
        Timer.builder("sesame.database").description("Calls of the database that went well, with what they waited for")
            .tag("call", nameOf(isWrite)).serviceLevelObjectives(*STEPS).register(registry)
    }

    private val failures: Map<Boolean, Counter> = listOf(true, false).associateWith { isWrite ->
        Counter.builder("sesame.database.failures").description("Calls of the database that failed")
            .tag("call", nameOf(isWrite)).register(registry)
    }

    init {
        Gauge.builder("sesame.database.up", this) { if (it.isUp) 1.0 else 0.0 }
            .description("1: the last read of the database went well").register(registry)
    }

    fun count(call: DatabaseCall) {
        // Each broker reads at least once in a few seconds; a quiet one may write once in a day, and its last write says little.
        if (!call.isWrite) isUp = call.isGood
        if (call.isGood) times.getValue(call.isWrite).record(call.took.toJavaDuration()) else failures.getValue(call.isWrite).increment()
    }

    private companion object {
        val STEPS: Array<Duration> = longArrayOf(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
            .map(Duration::ofMillis).toTypedArray()

        fun nameOf(isWrite: Boolean) = if (isWrite) "write" else "read"
    }
}
