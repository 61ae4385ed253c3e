package dev.sesame.bench.notices

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.Reply
import dev.sesame.bench.text
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** How many questions are asked; one a second, as fast as one chat may be told. */
internal class NoticesPlan(val questions: Int = 60) {
    companion object {
        fun of(flags: Flags): NoticesPlan = NoticesPlan(flags.count("--questions", NoticesPlan().questions))
    }
}

/**
 * How soon an approver's Telegram is called after the question was sent, beside what a bare call to the same server takes in the same run.
 * Every question must arrive there.
 */
internal class NoticesBench(private val plan: NoticesPlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    /** Whether all arrived. */
    fun run(): Boolean = BotApi().use { telegram ->
        val environment = mapOf("SESAME_TELEGRAM_BOT_TOKEN" to BotApi.TOKEN, "SESAME_TELEGRAM_API_URL" to telegram.url)
        BrokerProcess(scratch, environment = environment).use { broker ->
            broker.start()
            link(broker, telegram)
            measure(broker, telegram)
        }
    }

    private fun link(broker: BrokerProcess, telegram: BotApi) = PlainHttp(broker.url, broker.adminToken).use { admin ->
        val approver = admin.get("/v1/admin/approvers").body()["approvers"]!!.jsonArray.first().jsonObject.text("id")
        val code = admin.post("/v1/admin/approvers/$approver/link-telegram", JsonObject(emptyMap())).body().text("code")
        telegram.write("/start $code")
        telegram.await("Linked")
    }

    private fun measure(broker: BrokerProcess, telegram: BotApi): Boolean {
        say("bench notices: --questions ${plan.questions}")
        val notices = ArrayList<Duration>()
        val bare = ArrayList<Duration>()
        PlainHttp(broker.url, broker.apiKey).use { requester ->
            PlainHttp(telegram.url, credential = null).use { http ->
                repeat(plan.questions + WARMING) { number ->
                    Thread.sleep(ONE_CHAT_MS)
                    val direct = timed { http.post("/bot${BotApi.TOKEN}/getMe", JsonObject(emptyMap())) }
                    val told = told(requester, telegram, number)
                    if (number >= WARMING) bare += direct
                    if (number >= WARMING && told != null) notices += told
                }
            }
        }
        say("question to Telegram's send: ${words(notices)}")
        say("a bare HTTP call to the same server: ${words(bare)}")
        say("${plan.questions - notices.size} of ${plan.questions} lost")
        return notices.size == plan.questions
    }

    private fun told(requester: PlainHttp, telegram: BotApi, number: Int): Duration? {
        val summary = "question number $number of a bench"
        val sentAt = System.nanoTime()
        requester.post(
            "/v1/approvals",
            buildJsonObject {
                put("action", "bench.notice")
                put("summary", summary)
            },
        ).body()
        return telegram.await(summary)?.let { (it - sentAt).nanoseconds }
    }

    private fun timed(call: () -> Reply): Duration {
        val began = System.nanoTime()
        call().body()
        return (System.nanoTime() - began).nanoseconds
    }

    private fun Reply.body(): JsonObject = (this as? Reply.Done)?.body ?: error("no answer, or a refusal: $this")

    private fun words(times: List<Duration>): String = listOf("p50" to 0.5, "p99" to 0.99, "longest" to 1.0).joinToString { (name, share) ->
        "$name " +
            (
                times.sorted().getOrNull(((times.size - 1) * share).toInt())?.let { "%.1f ms".format(it.inWholeMicroseconds / 1_000.0) }
                    ?: "none"
                )
    }

    private companion object {
        /** Cold code is not what is measured. */
        const val WARMING = 5

        /** A little more than the pace of one chat, so that it is not what is measured. */
        const val ONE_CHAT_MS = 1_050L
    }
}
