package dev.sesame.bench.held

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.PostgresProcess
import dev.sesame.bench.Proc
import dev.sesame.bench.floor.BareProcess
import java.nio.file.Files
import java.nio.file.Path

/** What brokers use while nobody asks them anything, for [seconds], with the heap that a JVM takes by itself: alone, and two on a PostgreSQL. */
internal class IdleStage(private val seconds: Int, private val scratch: Path, private val say: (String) -> Unit) {
    fun run() {
        say("")
        say("idle over $seconds s soon after the start, while the compilers still work, % of one core")
        BareProcess(scratch).use { bare ->
            bare.start()
            measured("the bare engine" to { Proc(bare.pid).cpuSeconds() })
        }
        BrokerProcess(within("alone")).use { alone ->
            alone.start()
            measured("a broker on its embedded database" to { Proc(alone.pid).cpuSeconds() })
        }
        PostgresProcess(scratch).use { postgres ->
            postgres.start()
            pair(postgres, postgres.brokerEnvironment(postgres.newDatabase()))
        }
    }

    private fun pair(postgres: PostgresProcess, shared: Map<String, String>) =
        BrokerProcess(within("one"), environment = shared).use { one ->
            one.start()
            BrokerProcess(within("two"), environment = shared).use { two ->
                two.start()
                measured(
                    "the first of two brokers on a PostgreSQL, which works for both" to { Proc(one.pid).cpuSeconds() },
                    "the second" to { Proc(two.pid).cpuSeconds() },
                    "the PostgreSQL itself, all its processes" to { Proc.familySeconds(postgres.pid) },
                )
            }
        }

    private fun measured(vararg who: Pair<String, () -> Double?>) {
        Thread.sleep(minOf(SETTLING_MS, seconds * MS_IN_S))
        val before = who.map { (_, cpu) -> cpu() }
        Thread.sleep(seconds * MS_IN_S)
        who.zip(before).forEach { (one, then) ->
            val used = one.second()?.let { now -> then?.let { (now - it) * PERCENT / seconds } }
            say("%-62s %s".format(one.first, used?.let { "%.2f".format(it) } ?: "n/a"))
        }
    }

    private fun within(name: String): Path = Files.createDirectory(scratch.resolve(name))

    private companion object {
        /** What starting left to the compilers isn't idling. */
        const val SETTLING_MS = 15_000L
        const val MS_IN_S = 1_000L
        const val PERCENT = 100.0
    }
}
