package dev.sesame.checks.behaviour

import dev.sesame.Approval
import dev.sesame.ApprovalRequest
import dev.sesame.ApprovalStatus
import dev.sesame.Sesame
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import java.time.Duration
import java.util.Optional
import java.util.function.Function
import kotlin.time.toKotlinDuration

/** The suspending client itself; an interrupt cancels the coroutine. */
internal class KotlinCaller(url: String, key: String) : Caller {
    private val sesame = Sesame {
        brokerUrl = url
        apiKey = key
        retryFor = kotlin.time.Duration.ZERO
    }

    override fun approve(ask: Ask, how: How, block: Function<Seen, String>): String = runBlocking {
        sesame.approve(request(ask), how.timeout?.toKotlinDuration(), how.afterUnknown, how.safeToRetry::test) { block.apply(seen(it)) }
    }

    override fun trigger(ask: Ask): String = runBlocking { sesame.trigger(request(ask)).id }

    override fun await(id: String, timeout: Duration?): Seen = runBlocking { seen(sesame.attach(id).await(timeout?.toKotlinDuration())) }

    override fun poll(id: String, timeout: Duration): Seen = runBlocking { seen(sesame.attach(id).poll(timeout.toKotlinDuration())) }

    override fun run(id: String, how: How, block: Function<Seen, String>): String = runBlocking {
        sesame.attach(id).run(how.timeout?.toKotlinDuration(), how.afterUnknown, how.safeToRetry::test) { block.apply(seen(it)) }
    }

    override fun find(id: String): Optional<Seen> = runBlocking { Optional.ofNullable(sesame.find(id)?.let(::seen)) }

    override fun cancel(id: String): Seen = runBlocking { seen(sesame.attach(id).cancel()) }

    override fun list(status: String, action: String): List<Seen> =
        runBlocking { sesame.approvals(ApprovalStatus.of(status), action).toList().map(::seen) }

    override fun close(): Unit = sesame.close()

    private fun request(ask: Ask) = ApprovalRequest(
        ask.action,
        context = Json.parseToJsonElement(ask.context).jsonObject,
        dedupKey = ask.dedupKey,
        expiresIn = ask.expiresIn?.toKotlinDuration(),
    )

    private fun seen(approval: Approval) = Seen(
        approval.id,
        approval.action,
        approval.status.value,
        approval.effectiveContext.toString(),
        Optional.ofNullable(approval.decision?.note),
    )
}
