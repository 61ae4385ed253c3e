package dev.sesame.bench.inbox

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.notices.Times
import java.net.URI
import java.nio.file.Path

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
 * What open inboxes cost the broker while nothing happens, beside as many connections that are only kept alive; and how soon all of them
 * are told of a question, beside one thread that writes the same to as many bare connections.
 */
internal class StreamsBench(private val plan: StreamsPlan, private val scratch: Path, private val say: (String) -> Unit) {
    /** Whether every inbox was told of every question, once. */
    fun run(): Boolean = BrokerProcess(scratch, jvm = fixedHeap).use { broker ->
        broker.start()
        val people = (plan.streams + EACH - 1) / EACH
        say("")
        say("%,d open inboxes of %,d approvers signed in by cookie; broker: %s".format(plan.streams, people, fixedHeap.joinToString(" ")))
        val cookies = People(broker).signedIn(people)
        PlainHttp(broker.url, broker.apiKey).use { requester ->
            Upkeep(broker, plan.idleSeconds).use { upkeep -> measure(broker, cookies, FanOut(requester, plan.events), upkeep) }
        }
    }

    private fun measure(broker: BrokerProcess, cookies: List<String>, fanOut: FanOut, upkeep: Upkeep): Boolean {
        // Cold code, and what is made once, are not what is measured.
        inboxes(broker, cookies).use { fanOut.tell(it) }
        upkeep.settle()
        val none = upkeep.measure()
        val alive = keptAlive(broker).use { upkeep.measure() }
        upkeep.settle()
        val alone = inboxes(broker, cookies, count = 1).use { fanOut.tell(it) }
        return inboxes(broker, cookies).use { open ->
            upkeep.report(plan.streams, none, alive, upkeep.measure(), say)
            val bare = BareFanOut(plan.streams).use { out -> List(plan.events) { out.tell("bare $it") } }
            report(bare, alone, fanOut.tell(open), open.faults)
        }
    }

    private fun report(bare: List<Spread>, alone: List<Asked>, all: List<Asked>, faults: Int): Boolean {
        val times = Times(bare.map { it.last }, say)
        times.row("bare connections: written to the last one", bare.map { it.last })
        times.row("the call that asks, answered, with one inbox open", alone.map { it.answered })
        times.row("the call that asks, answered, with all inboxes open", all.map { it.answered })
        times.row("question to the only inbox that is open", alone.map { it.told.last })
        times.row("question to the first of all inboxes", all.map { it.told.first })
        times.row("question to half of all inboxes", all.map { it.told.half })
        times.row("question to the last of all inboxes", all.map { it.told.last })
        val lost = (alone + all).sumOf { it.told.lost }
        say("lost=$lost of %,d; $faults told twice or cut off".format(plan.events * (plan.streams + 1)))
        return lost == 0 && faults == 0
    }

    private fun inboxes(broker: BrokerProcess, cookies: List<String>, count: Int = plan.streams) = EventStreams().also { open ->
        repeat(count) { open.openInbox(broker.url, cookies[it / EACH]) }
        open.awaitReady()
    }

    /** What a browser leaves open that has nothing more to ask. */
    private fun keptAlive(broker: BrokerProcess) = EventStreams(sign = "HTTP/1.1 200").also { open ->
        val url = URI(broker.url)
        repeat(plan.streams) { open.connect(url, "GET /healthz HTTP/1.1\r\nHost: ${url.authority}\r\n\r\n") }
        open.awaitReady()
    }

    private companion object {
        /** As many as an approver may have open. */
        const val EACH = 20

        /** So that what is in use can be compared before and after. */
        val fixedHeap = listOf("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch")
    }
}
