package dev.sesame.bench.start

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.KeptConnection
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.Proc
import dev.sesame.bench.answered
import dev.sesame.bench.floor.BareProcess
import dev.sesame.bench.text
import dev.sesame.bench.waits.ACTION
import dev.sesame.bench.waits.Gauges
import dev.sesame.bench.waits.SUMMARY
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.nio.file.Path
import kotlin.time.Duration

/**
 * One start, from the begin of the process: until it is ready, and until the first call of a caller's was answered; the processor time that
 * all its threads had used by then, what of it lay in memory, and what was in use on its heap after full collections.
 */
internal class Started(
    val readyMs: Double,
    val answeredMs: Double,
    val cpuSeconds: Double?,
    val residentBytes: Double?,
    val heapBytes: Double?,
)

/** What can be started and measured again and again, on the same data. */
internal interface Startable {
    /** Starts it, asks it, looks at it, stops it in an orderly way. */
    fun measure(): Started

    companion object {
        fun bare(dir: Path, jvm: List<String>) = object : Startable {
            override fun measure(): Started = BareProcess(dir, jvm).use { process ->
                val ready = process.start()
                val (rest, _) = timed { KeptConnection(process.url).use { it.get("/healthz") } }
                started(ready, rest, process.pid) { process.heapBytes() }
            }
        }

        fun broker(dir: Path, jvm: List<String>) = StartableBroker(dir, jvm)
    }
}

/** A broker whose first call is a question, which is on its disk when it is answered. */
internal class StartableBroker(private val dir: Path, private val jvm: List<String>) : Startable {
    private val asked = ArrayList<String>()
    private var isKept = true

    /** Whether each start found what was asked before it. */
    fun hasKept(): Boolean = isKept

    override fun measure(): Started = BrokerProcess(dir, jvm = jvm).use { broker ->
        val ready = broker.start()
        val key = broker.apiKey
        val (rest, answer) = timed { KeptConnection(broker.url, key).use { it.post("/v1/approvals", "$question") } }
        check(answer.status == CREATED) { "the first question was answered with ${answer.status}: ${answer.body}" }
        val figures = started(ready, rest, broker.pid) { Gauges(broker).use { it.brokerHeapBytes() } }
        PlainHttp(broker.url, key).use { http ->
            val found = http.get("/v1/approvals?limit=$PAGE").answered().toString()
            isKept = isKept && asked.all { it in found }
        }
        asked += checkNotNull(ID.find(answer.body)).value
        figures
    }

    private companion object {
        const val CREATED = 201
        const val PAGE = 100
        val ID = Regex("ap_[a-z2-7]{26}")
        val question = buildJsonObject {
            put("action", ACTION)
            put("summary", SUMMARY)
        }
    }
}

private fun started(ready: Duration, rest: Double, pid: Long, heap: () -> Double?): Started {
    val process = Proc(pid)
    val readyMs = ready.inWholeNanoseconds / NS_IN_MS
    return Started(readyMs, readyMs + rest, process.cpuSeconds(), process.residentBytes(), heap())
}

private fun <T> timed(call: () -> T): Pair<Double, T> {
    val began = System.nanoTime()
    val answer = call()
    return (System.nanoTime() - began) / NS_IN_MS to answer
}

private const val NS_IN_MS = 1e6
