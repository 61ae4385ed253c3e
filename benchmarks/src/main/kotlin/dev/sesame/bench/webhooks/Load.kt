package dev.sesame.bench.webhooks

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.Reply
import dev.sesame.bench.text
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlin.random.Random

/** One worker: asks with a callback URL and decides, again and again; it ends at the first call that gets no answer. */
internal class Load(
    private val broker: BrokerProcess,
    private val receivers: Receivers,
    private val decided: Decided,
    private val decisions: Int,
    private val random: Random,
) {
    fun work() {
        PlainHttp(broker.url, broker.apiKey).use { requester ->
            PlainHttp(broker.url, broker.adminToken).use { admin ->
                repeat(decisions) { if (!step(requester, admin)) return }
            }
        }
    }

    private fun step(requester: PlainHttp, admin: PlainHttp): Boolean {
        val receiver = receivers.all[random.nextInt(receivers.all.size)]
        val question = buildJsonObject {
            put("action", "bench.webhook")
            put("summary", "a decision to be told")
            put("callback_url", receiver.url)
        }
        val opened = requester.post("/v1/approvals", question).done() ?: return false
        val id = checkNotNull(opened.text("approval_id"))
        val sentAt = System.nanoTime()
        admin.post("/v1/approvals/$id/decision", buildJsonObject { put("decision", "approve") }).done() ?: return false
        decided.acknowledged(id, receiver, sentAt)
        return true
    }

    /** `null` where the broker is gone: whether it happened isn't known. */
    private fun Reply.done() = when (this) {
        is Reply.Done -> body
        is Reply.Refused -> error("refused with $status $code")
        Reply.None -> null
    }
}
