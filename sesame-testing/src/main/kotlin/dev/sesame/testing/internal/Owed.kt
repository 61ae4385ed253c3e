package dev.sesame.testing.internal

import dev.sesame.WebhookSecret
import dev.sesame.WebhookSigner
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.webhookBody
import dev.sesame.testing.Webhook
import java.time.InstantSource

/** The webhooks that decisions owe: one for each distinct URL, its id the same however often it is looked at. Thread-safe. */
internal class Owed(
    private val store: Store,
    private val ids: Ids,
    private val clock: InstantSource,
    secret: WebhookSecret,
    private val receiptOf: (ApprovalRecord) -> String?,
) {
    private class Endpoint(val url: String, val since: Long)

    private val signer = WebhookSigner(secret)
    private val endpoints = ArrayList<Endpoint>() // guarded by this, like the next
    private val known = HashMap<Pair<String, String>, String>()

    @Synchronized
    fun register(url: String) {
        callbackUrlProblem(url)?.let { throw IllegalArgumentException("an endpoint's URL $it") }
        endpoints += Endpoint(url, store.history().size.toLong())
    }

    @Synchronized
    fun all(): List<Webhook> = store.history().filter { it.event.isDecision }.flatMap { decision ->
        val callback = listOfNotNull(decision.record.question.callbackUrl)
        val urls = endpoints.filter { decision.seq > it.since }.map { it.url } + callback
        urls.distinct().map { url -> webhook(decision, url) }
    }

    private fun webhook(decision: Happened, url: String): Webhook {
        val id = known.getOrPut(decision.record.id to url) { ids.delivery() }
        val body = webhookBody(decision.record, receiptOf(decision.record))
        return Webhook(
            url,
            decision.record.id,
            decision.record.status,
            body,
            signer.headers(id, body, clock.instant()).mapValues {
                listOf(it.value)
            },
        )
    }
}
