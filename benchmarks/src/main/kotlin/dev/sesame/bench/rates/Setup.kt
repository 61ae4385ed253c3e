package dev.sesame.bench.rates

import dev.sesame.bench.BrokerProcess
import java.nio.file.Path

/** Brokers on one database, and the floor under them: another database of the same engine, on the same disk as [dir]. */
internal class Setup(
    val name: String,
    val brokers: List<BrokerProcess>,
    val apiKey: String,
    val adminToken: String,
    val floor: RowFloor,
    val dir: Path,
) {
    val flushes = Flushes(dir)

    /** Callers are spread over the brokers in turn. */
    fun brokerFor(index: Int): BrokerProcess = brokers[index % brokers.size]
}
