package dev.sesame.bench.held

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.floor.BareProcess
import dev.sesame.bench.waits.Gauges

/** Who holds connections and calls: the broker, or the same engine with nothing behind it. */
internal interface Server {
    val url: String
    val pid: Long

    /** In use after full collections; `null` where that can't be asked for. */
    fun heapBytes(): Double?

    /** How many calls it holds. */
    fun held(): Int
}

internal class BrokerServer(private val broker: BrokerProcess, private val gauges: Gauges) : Server {
    override val url: String get() = broker.url
    override val pid: Long get() = broker.pid

    override fun heapBytes(): Double? = gauges.brokerHeapBytes()

    override fun held(): Int = gauges.heldPolls()
}

internal class BareEngine(private val process: BareProcess) : Server {
    override val url: String get() = process.url
    override val pid: Long get() = process.pid

    override fun heapBytes(): Double = process.heapBytes()

    override fun held(): Int = process.held()
}
