package dev.sesame.broker

import dev.sesame.WebhookSecret
import dev.sesame.broker.access.CannotUnseal
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.SecretBox
import dev.sesame.broker.address.CidrBlock
import dev.sesame.broker.delivery.AdmitEndpoint
import dev.sesame.broker.delivery.AttemptDelivery
import dev.sesame.broker.delivery.CallbackSecret
import dev.sesame.broker.delivery.DeliverDue
import dev.sesame.broker.delivery.DeliveryState
import dev.sesame.broker.delivery.EndpointRegister
import dev.sesame.broker.delivery.Lanes
import dev.sesame.broker.delivery.Redeliver
import dev.sesame.broker.delivery.RetrySchedule
import dev.sesame.broker.delivery.Signatures
import dev.sesame.broker.delivery.WebhookSecrets
import dev.sesame.broker.egress.Egress
import dev.sesame.broker.egress.OwnAddresses
import dev.sesame.broker.egress.Target
import dev.sesame.broker.egress.WebhookSender
import dev.sesame.broker.http.Callers
import dev.sesame.broker.http.DeliveryRoutes
import dev.sesame.broker.http.EndpointRoutes
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.sql.SqlDatabase
import dev.sesame.broker.store.sql.SqlDeliveryStore
import dev.sesame.broker.store.sql.SqlEndpointStore
import io.ktor.server.routing.Route
import kotlinx.coroutines.runBlocking
import java.net.InetSocketAddress
import java.nio.ByteBuffer
import java.time.Duration
import java.time.InstantSource
import kotlin.random.Random
import kotlin.time.TimeSource

/** Webhooks: what they are signed with, where they may go, and what sends them. */
internal class WebhookWiring(
    config: BrokerConfig,
    database: SqlDatabase,
    private val approvals: ApprovalStore,
    private val access: AccessStore,
    box: SecretBox,
    keyIsNew: Boolean,
    private val proof: ProofWiring,
    ids: Ids,
    private val clock: InstantSource,
    private val random: (Int) -> ByteArray,
    private val metrics: Metrics,
) : AutoCloseable {
    /** No webhook may reach this broker itself; where it listens is known once the port is. */
    @Volatile var listening: OwnAddresses? = null
    private val egress = Egress(allowed(config.webhookAllow), isOwn = ::isOwn)
    private val secrets = WebhookSecrets(box)
    private val callback = callbackSecret(config, keyIsNew)
    private val sender = WebhookSender(egress, clock)
    val endpoints = SqlEndpointStore(database)
    val deliveries = SqlDeliveryStore(database)
    val deliverDue = deliverDue()
    val endpointRegister = EndpointRegister(endpoints, secrets, ids, random, clock)
    val judgeUrl: (String) -> String? = { Target.problem(it, egress) }
    val admitEndpoint = AdmitEndpoint(access, endpoints, endpointRegister, judgeUrl)
    val redeliver = Redeliver(deliveries, clock, deliverDue::nudge)

    /** What signs webhooks to callback URLs, where it was made at this start. */
    val madeSecret: WebhookSecret? get() = callback.first.takeIf { callback.second }

    fun isOwn(address: InetSocketAddress): Boolean = listening?.invoke(address) ?: false

    /** One round of a worker. */
    suspend fun countPending() {
        metrics.pendingDeliveries = deliveries.count(DeliveryState.PENDING, MOST_COUNTED)
        metrics.oldestDelivery = deliveries.oldest(DeliveryState.PENDING)?.let { Duration.between(it, clock.instant()) } ?: Duration.ZERO
    }

    fun install(route: Route, callers: Callers) {
        EndpointRoutes(callers, access, endpoints, endpointRegister, admitEndpoint, clock).install(route)
        DeliveryRoutes(callers, access, deliveries, redeliver).install(route)
    }

    override fun close() = sender.close()

    private fun allowed(blocks: String): List<CidrBlock> = try {
        CidrBlock.list(blocks)
    } catch (problem: IllegalArgumentException) {
        throw CannotStart("SESAME_WEBHOOK_ALLOW can't be taken: ${problem.message}", problem)
    }

    private fun callbackSecret(config: BrokerConfig, keyIsNew: Boolean): Pair<WebhookSecret, Boolean> = try {
        runBlocking { CallbackSecret(config.webhookSecret, access, secrets, random).take(keyIsNew) }
    } catch (problem: CannotUnseal) {
        throw CannotStart(problem.message.orEmpty(), problem)
    }

    private fun deliverDue(): DeliverDue {
        val signatures = Signatures(callback.first, secrets)
        val schedule = RetrySchedule(Random(ByteBuffer.wrap(random(Long.SIZE_BYTES)).getLong()))
        val attempt = AttemptDelivery(
            approvals,
            deliveries,
            endpoints,
            signatures,
            sender,
            schedule,
            clock,
            proof.receipts::of,
            ended = metrics::count,
        )
        return DeliverDue(deliveries, attempt, Lanes(TimeSource.Monotonic), clock)
    }

    private companion object {
        /** More than an operator tells apart. */
        const val MOST_COUNTED = 1_000_000
    }
}
