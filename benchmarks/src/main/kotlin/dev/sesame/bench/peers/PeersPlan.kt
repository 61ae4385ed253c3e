package dev.sesame.bench.peers

import dev.sesame.bench.Flags
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/**
 * How many calls are parked, how often, by whom, and after how many that only warm up; how many are decided one by one in a round, and how long
 * one may take to go on.
 */
internal class PeersPlan(
    val waits: List<Int> = listOf(1, 100, 1_000),
    val rounds: Int = 3,
    val sides: List<Product> = Product.entries,
    val warm: Int = 2_000,
    val singles: Int = 50,
    val settling: Duration = 4_000.milliseconds,
    val patience: Duration = 3.minutes,
) {
    companion object {
        fun of(flags: Flags): PeersPlan = PeersPlan().let { usual ->
            val sides = flags.names("--sides", usual.sides.map { it.key }).map(Product::of)
            PeersPlan(
                flags.counts("--n", usual.waits),
                flags.count("--rounds", usual.rounds),
                sides.distinct(),
                flags.count("--warm", usual.warm),
            )
        }
    }
}

/** Who does the job. The peers' code is only there where their libraries are, so it is found by name. */
internal enum class Product(val title: String, private val type: String) {
    SESAME("Sesame", "SesamePeer"),
    RESTATE("Restate", "RestatePeer"),
    TEMPORAL("Temporal", "TemporalPeer"),
    ;

    val key: String = name.lowercase()

    /** An [UnavailableException] says that this build has no code of it. */
    fun peer(): Peer = try {
        Class.forName("${Product::class.java.packageName}.$type").getConstructor().newInstance() as Peer
    } catch (missing: ClassNotFoundException) {
        throw UnavailableException("its libraries are fetched by `./sesame bench peers` alone", missing)
    }

    companion object {
        fun of(key: String): Product = requireNotNull(entries.find { it.key == key }) {
            "--sides takes ${entries.joinToString(",") { it.key }}, not $key"
        }
    }
}
