package dev.sesame.bench.peers

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Proc
import dev.sesame.bench.waits.Deciders
import dev.sesame.bench.waits.Gauges
import dev.sesame.bench.waits.SesameSide
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.nio.file.Path

/** This project's broker on its embedded database, and its SDK as it comes. */
internal class SesamePeer : Peer {
    private lateinit var broker: BrokerProcess

    override fun start(dir: Path) {
        broker = BrokerProcess(dir)
        broker.start()
    }

    override fun describe(): List<String> = listOf(
        "its broker, a process of its own, and its SDK as it comes: a coroutine a call, suspended in `approve { }`",
        "on disk before they are answered: question, decision, and the claim without which no block begins (SQLite, WAL, synchronous=FULL)",
        "\"the wait over\" is without that claim, \"the next step\" is the block, with it; of the peers both are the line after the wait",
        "server memory a wait: the broker's heap after collections; ${BrokerProcess.limitsInWords}",
    )

    override fun begin(calls: Calls): Program = SesameProgram(broker, calls)

    override fun close() {
        if (this::broker.isInitialized) broker.close()
    }
}

private class SesameProgram(private val broker: BrokerProcess, private val calls: Calls) : Program {
    private val gauges = Gauges(broker)
    private val scope = CoroutineScope(Dispatchers.Default + SupervisorJob())
    override val server = Proc(broker.pid)
    override val deciders = Deciders(broker.url, broker.adminToken)
    private val side = SesameSide(broker.url, broker.apiKey, calls.marks, calls.size) { deciders.decide(it, "deny") }

    init {
        runBlocking { side.prepare() }
    }

    override fun ask(index: Int) {
        scope.launch(start = CoroutineStart.UNDISPATCHED) {
            side.ask(index)
            calls.over(index)
        }
    }

    override fun untilParked(count: Int): Unit = runBlocking { side.untilParked(count) }

    override fun serverBytes(): Double? = gauges.brokerHeapBytes()

    override fun close() {
        scope.cancel()
        side.close()
        deciders.close()
        gauges.close()
    }
}
