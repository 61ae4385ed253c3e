package dev.sesame.broker.store

import dev.sesame.broker.access.Requester
import dev.sesame.broker.delivery.Attempt
import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.delivery.Endpoint
import dev.sesame.broker.delivery.SealedSecret
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command
import io.kotest.matchers.shouldBe
import java.time.Instant

internal fun endpoint(requester: Requester, url: String = "https://hooks.example/${ids.endpoint()}", afterSeconds: Long = 0) =
    Endpoint(ids.endpoint(), requester.id, url, SealedSecret("sealed ${ids.endpoint()}"), start.plusSeconds(afterSeconds))

/** Stores a new endpoint. */
internal suspend fun Stores.endpointOf(requester: Requester, url: String = "https://hooks.example/${ids.endpoint()}"): Endpoint =
    endpoint(requester, url).also { endpoints.add(it, 100) shouldBe Registered.DONE }

/** Stores a decision at [at] on a new question, and so what that owes. */
internal suspend fun Stores.decided(
    requester: Requester,
    callbackUrl: String? = null,
    at: Instant = start.plusSeconds(1),
    command: Command = Command.Cancel,
): ApprovalRecord {
    val asked = opened(question(requester).copy(callbackUrl = callbackUrl))
    val decided = asked.after(command, at)
    approvals.commit(1, decided, at) shouldBe true
    return decided.after
}

internal suspend fun Stores.deliveriesOf(record: ApprovalRecord): List<Delivery> =
    deliveries.deliveries(DeliveryQuery(approvalId = record.id, limit = 100))

internal fun attempt(status: Int?, at: Instant = start.plusSeconds(10)) =
    Attempt(at, durationMillis = 12, status, "no answer".takeIf { status == null }, "the answer")
