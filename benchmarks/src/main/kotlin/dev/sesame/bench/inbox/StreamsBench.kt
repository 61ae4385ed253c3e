package dev.sesame.bench.inbox

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.answered
import dev.sesame.bench.notices.Times
import dev.sesame.bench.notices.questionOf
import java.net.URI
import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** How many inboxes are open, how many questions all of them are told, and how long each idle time is looked at. */
internal class StreamsPlan(val streams: Int = 1_000, val events: Int = 50, val idleSeconds: Int = 30) {
    val inWords: String get() = "--streams $streams --events $events --idle-seconds $idleSeconds"

    companion object {
        fun of(flags: Flags): StreamsPlan = StreamsPlan().let {
            StreamsPlan(
                flags.count("--streams", it.streams),
                flags.count("--events", it.events),
                flags.count("--idle-seconds", it.idleSeconds),
            )
        }
    }
}

/**
 * What open inboxes cost the broker while nothing happens, beside as many connections that are only kept alive; and how soon all of them are
 * told of a question, beside one thread that writes the same to as many bare connections.
 */
internal class StreamsBench(private val plan: StreamsPlan, private val scratch: Path, private val say: (String) -> Unit) {
    /** Whether every inbox was told of every question, once. */
    fun run(): Boolean = BrokerProcess(scratch, jvm = fixedHeap).use { broker ->
        broker.start()
        val people = (plan.streams + EACH - 1) / EACH
        say("")
        say("%,d open inboxes of %,d approvers signed in by cookie; broker: %s".format(plan.streams, people, fixedHeap.joinToString(" ")))
        val cookies = People(broker).signedIn(people)
        Upkeep(broker, plan.idleSeconds).use { upkeep ->
            // Cold code, and what is made once, are not what is measured.
            inboxes(broker, cookies).use { open -> repeat(plan.events) { ask(broker, open, "warming $it") } }
            upkeep.settle()
            val none = upkeep.measure()
            val alive = keptAlive(broker).use { upkeep.measure() }
            upkeep.settle()
            inboxes(broker, cookies).use { open ->
                upkeep.report(plan.streams, none, alive, upkeep.measure(), say)
                tellAll(broker, open)
            }
        }
    }

    private fun tellAll(broker: BrokerProcess, open: EventStreams): Boolean {
        val bare = BareFanOut(plan.streams).use { out -> List(plan.events) { out.tell("bare $it") } }
        val told = List(plan.events) { ask(broker, open, "question $it") }
        val times = Times(bare.map { it.last }, say)
        times.row("bare connections: written to the last one", bare.map { it.last })
        times.row("question to the first of all inboxes", told.map { it.first })
        times.row("question to half of all inboxes", told.map { it.half })
        times.row("question to the last of all inboxes", told.map { it.last })
        val lost = told.sumOf { it.lost }
        say("lost=$lost of %,d; %d told twice or cut off".format(plan.events * plan.streams, open.faults))
        return lost == 0 && open.faults == 0
    }

    private fun inboxes(broker: BrokerProcess, cookies: List<String>): EventStreams = EventStreams().also { open ->
        repeat(plan.streams) { open.openInbox(broker.url, cookies[it / EACH]) }
        open.awaitReady()
    }

    /** What a browser leaves open that has nothing more to ask. */
    private fun keptAlive(broker: BrokerProcess): EventStreams = EventStreams(sign = "HTTP/1.1 200").also { open ->
        val url = URI(broker.url)
        repeat(plan.streams) { open.connect(url, "GET /healthz HTTP/1.1\r\nHost: ${url.authority}\r\n\r\n") }
        open.awaitReady()
    }

    private fun ask(broker: BrokerProcess, open: EventStreams, summary: String): Spread {
        Thread.sleep(BETWEEN_MS)
        val sentAt = System.nanoTime()
        PlainHttp(broker.url, broker.apiKey).use { it.post("/v1/approvals", questionOf(summary)).answered() }
        return Spread(sentAt, open.arrivals(summary))
    }

    private companion object {
        /** As many as an approver may have open. */
        const val EACH = 20

        /** Longer than the broker rests after it told something, so that this is not what is measured. */
        const val BETWEEN_MS = 600L

        /** So that what is in use can be compared before and after. */
        val fixedHeap = listOf("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch")
    }
}

/** When the connections were told, counted from [since]. */
internal class Spread(since: Long, arrivals: LongArray) {
    private val times: List<Duration> = arrivals.filter { it != 0L }.sorted().map { (it - since).nanoseconds }
    val lost: Int = arrivals.size - times.size
    val first: Duration get() = times.first()
    val half: Duration get() = times[times.size / 2]
    val last: Duration get() = times.last()
}
