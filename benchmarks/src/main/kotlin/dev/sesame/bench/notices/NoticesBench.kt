package dev.sesame.bench.notices

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.Reply
import dev.sesame.bench.answered
import dev.sesame.bench.inbox.StreamsBench
import dev.sesame.bench.inbox.StreamsPlan
import dev.sesame.bench.waits.Box
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.nio.file.Files
import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** How many questions are asked, one a second, as fast as one chat may be told; and with how many open inboxes the rest is measured. */
internal class NoticesPlan(val questions: Int = 60, val streams: StreamsPlan = StreamsPlan()) {
    companion object {
        fun of(flags: Flags): NoticesPlan =
            NoticesPlan().let { NoticesPlan(flags.count("--questions", it.questions), StreamsPlan.of(flags)) }
    }
}

/**
 * How soon a question is told by each way, beside what a bare call takes in the same run; then what many open inboxes cost the broker.
 *
 * Every question must arrive by every way, and in every open inbox.
 */
internal class NoticesBench(private val plan: NoticesPlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    /** Whether all arrived. */
    fun run(): Boolean {
        say("bench notices: --questions ${plan.questions} ${plan.streams.inWords}")
        say(Box(scratch).describe())
        val isToldByAll = BotApi().use { telegram -> told(telegram, legs(telegram)) }
        val isToldToAll = StreamsBench(plan.streams, Files.createDirectory(scratch.resolve("streams")), say).run()
        say("load average after: ${Box.load()}")
        return isToldByAll && isToldToAll
    }

    private fun told(telegram: BotApi, legs: List<Leg>): Boolean = try {
        val environment = legs.map { it.environment }.fold(emptyMap<String, String>()) { all, one -> all + one }
        BrokerProcess(scratch, environment = environment).use { broker ->
            broker.start()
            legs.forEach { it.begin(broker) }
            measure(broker, telegram, legs)
        }
    } finally {
        legs.forEach { it.close() }
    }

    private fun measure(broker: BrokerProcess, telegram: BotApi, legs: List<Leg>): Boolean {
        val bare = ArrayList<Duration>()
        val answered = ArrayList<Duration>()
        val told = legs.associateWith { ArrayList<Duration>() }
        PlainHttp(broker.url, broker.apiKey).use { requester ->
            PlainHttp(telegram.url, credential = null).use { http ->
                repeat(plan.questions + WARMING) { number ->
                    Thread.sleep(ONE_CHAT_MS)
                    val direct = timed { http.post("/bot${BotApi.TOKEN}/getMe", JsonObject(emptyMap())) }
                    val summary = "question number $number of a bench"
                    val sentAt = System.nanoTime()
                    val asking = timed { requester.post("/v1/approvals", questionOf(summary)) }
                    val arrivals = legs.map { leg -> leg to leg.await(summary)?.let { (it - sentAt).nanoseconds } }
                    if (number >= WARMING) {
                        bare += direct
                        answered += asking
                        arrivals.forEach { (leg, time) -> if (time != null) told.getValue(leg) += time }
                    }
                }
            }
        }
        return report(bare, answered, told)
    }

    private fun report(bare: List<Duration>, answered: List<Duration>, told: Map<Leg, List<Duration>>): Boolean {
        val times = Times(bare, say)
        times.row("a bare HTTP call to a server of the bench's", bare)
        times.row("the call that asks, answered: it is on disk", answered)
        told.forEach { (leg, all) -> times.row("question to ${leg.label}", all) }
        val lost = told.values.sumOf { plan.questions - it.size }
        say("lost=$lost of ${plan.questions * told.size}")
        return lost == 0
    }

    private fun timed(call: () -> Reply): Duration {
        val began = System.nanoTime()
        call().answered()
        return (System.nanoTime() - began).nanoseconds
    }

    private companion object {
        /** Cold code is not what is measured. */
        const val WARMING = 5

        /** A little more than the pace of one chat, so that it is not what is measured. */
        const val ONE_CHAT_MS = 1_050L
    }
}

internal fun questionOf(summary: String): JsonObject = buildJsonObject {
    put("action", "bench.notice")
    put("summary", summary)
}
