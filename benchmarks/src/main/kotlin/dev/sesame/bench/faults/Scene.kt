package dev.sesame.bench.faults

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.PostgresProcess
import dev.sesame.bench.answered
import dev.sesame.bench.freePort
import dev.sesame.bench.text
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.random.Random

/** One broker, with the ways on which calls come to it and on which it reaches its database, and the clock that it can be made to go by. */
internal class Node(val name: String, val broker: BrokerProcess, val front: FaultyProxy, val back: FaultyProxy?, val clock: MovedClock?) :
    AutoCloseable {
    override fun close() {
        broker.close()
        front.close()
        back?.close()
    }
}

/** Brokers on one engine, all that can be broken around them, and the driver's own history. */
internal class Scene private constructor(val engine: String, scratch: Path, random: Random) : AutoCloseable {
    private val place = Files.createDirectories(scratch.resolve(engine.lowercase()))
    private val opened = ArrayDeque<AutoCloseable>()
    val history = History(place.resolve("history.jsonl")).also(opened::addFirst)

    /** What went wrong with the driver itself, or didn't come back: then the run is no proof, or broken. */
    val faults = ConcurrentLinkedQueue<String>()
    val remarks = ConcurrentLinkedQueue<String>()
    val receiver = Receiver(WEBHOOK_SECRET, history).also(opened::addFirst)
    val seeds = Random(random.nextLong())
    val postgres = if (engine == POSTGRESQL) PostgresProcess(place).also(opened::addFirst) else null
    val disk: SmallDisk? = if (engine == SQLITE) SmallDisk.at(place.resolve("broker-1/data"))?.also(opened::addFirst) else null
    val nodes: List<Node> by lazy { List(if (postgres == null) 1 else 2) { node("broker-${it + 1}") } }
    private val shared: Map<String, String> by lazy { ofEach + databaseOf() }
    private lateinit var colleague: String

    val doors: List<Door> by lazy {
        nodes.map { Door("http://127.0.0.1:${it.front.port}", credentials, history).also(opened::addFirst) }
    }
    val credentials: Credentials get() = Credentials(API_KEY, listOf(ADMIN_TOKEN, colleague))

    private fun start() {
        postgres?.start()
        nodes.forEach { it.broker.start() }
        colleague = PlainHttp(nodes.first().broker.url, ADMIN_TOKEN).use { admin ->
            val made = admin.post("/v1/admin/approvers", buildJsonObject { put("name", "colleague") })
            checkNotNull(made.answered().text("token"))
        }
    }

    override fun close() = opened.forEach { it.close() }

    private fun databaseOf(): Map<String, String> = postgres?.let { it.brokerEnvironment(it.newDatabase()) }.orEmpty()

    private fun node(name: String): Node {
        val own = Files.createDirectories(place.resolve(name))
        val back = shared[DATABASE_URL]?.let { FaultyProxy(portIn(it), Random(seeds.nextLong())) }
        val ways = back?.let {
            mapOf(DATABASE_URL to shared.getValue(DATABASE_URL).replace(AUTHORITY, "//127.0.0.1:${it.port}/"))
        }.orEmpty()
        val port = freePort()
        val broker = BrokerProcess(own, port, quickToStart + "-XX:ErrorFile=${own.resolve("crash.log")}", shared + ways)
        return Node(
            name,
            broker,
            FaultyProxy(port, Random(seeds.nextLong())),
            back,
            MovedClock.at(own.resolve("clock")),
        ).also(opened::addFirst)
    }

    private fun portIn(url: String) = checkNotNull(AUTHORITY.find(url)).groupValues[1].toInt()

    companion object {
        const val SQLITE = "SQLite"
        const val POSTGRESQL = "PostgreSQL"
        private val AUTHORITY = Regex("//[^/:]+:([0-9]+)/")
        private const val DATABASE_URL = "SESAME_DATABASE_URL"
        private const val API_KEY = "sk_live_sh_benchmarks_only_0123456789abcdef"
        private const val ADMIN_TOKEN = "at_benchmarks_only_0123456789abcdef0123456789"
        private const val WEBHOOK_SECRET = "whsec_c2VzYW1lIGJlbmNoIHdlYmhvb2sgc2VjcmV0LCAzMiBieXQ="
        private val quickToStart = listOf("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m")
        private val ofEach = BrokerProcess.limits + mapOf(
            "SESAME_BOOTSTRAP_API_KEY" to API_KEY,
            "SESAME_BOOTSTRAP_APPROVER_TOKEN" to ADMIN_TOKEN,
            "SESAME_WEBHOOK_SECRET" to WEBHOOK_SECRET,
            "SESAME_WEBHOOK_ALLOW" to "127.0.0.0/8",
            "SESAME_PUSH" to "false",
            // Those whose connection was cut are noticed late.
            "SESAME_LIMIT_FEEDS" to "1000",
        )

        /** One broker on SQLite, or two on one PostgreSQL; when this returns, they are ready. */
        fun on(engine: String, scratch: Path, random: Random): Scene = Scene(engine, scratch, random).also { scene ->
            try {
                scene.start()
            } catch (problem: Exception) { // whatever it is: nothing may go on running
                scene.close()
                throw problem
            }
        }
    }
}
