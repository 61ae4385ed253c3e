package dev.sesame.broker

import dev.sesame.WebhookSecret
import dev.sesame.broker.access.Secret
import dev.sesame.broker.address.TrustedProxies
import dev.sesame.broker.notice.push.PushConfig
import dev.sesame.broker.notice.telegram.TelegramConfig
import java.nio.file.Path
import java.time.Duration

/** How a broker runs; flags and environment variables of the same meaning become one of these. */
internal data class BrokerConfig(
    val host: String = "127.0.0.1",
    /** 0 takes any free one. */
    val port: Int = DEFAULT_PORT,
    val dataDir: Path = Path.of("sesame-data"),
    /** The PostgreSQL that holds everything; `null`: a file in the data directory does. */
    val database: DatabaseConfig? = null,
    val publicUrl: String? = null,
    /** Which proxies are believed about who calls. */
    val trustedProxies: TrustedProxies = TrustedProxies.NONE,
    val bootstrapApiKey: Secret? = null,
    val bootstrapApproverToken: Secret? = null,
    /** What signs webhooks to callback URLs; `null` lets the broker make one. */
    val webhookSecret: WebhookSecret? = null,
    /** CIDR blocks, comma-separated, that webhooks may reach though they aren't public. */
    val webhookAllow: String = "",
    /** What secrets are sealed with; `null` takes it from a file in the data directory, made at the first start. */
    val secretsKey: ByteArray? = null,
    /** How approvers are told by Telegram; `null`: they aren't. */
    val telegram: TelegramConfig? = null,
    /** How browsers are told. */
    val push: PushConfig = PushConfig(),
    /** From this `risk_score` on, a request is answered on its page, where more is asked of the person than a tap. */
    val confirmRisk: Double = CONFIRM_RISK,
    /** What approving such a request asks of its person. */
    val stepUp: StepUpBy = StepUpBy.PASSKEY,
    /** Until so long after it was asked an approver may put the expiry of a request off. */
    val extendWithin: Duration = Duration.ofSeconds(EXTEND_WITHIN_SECONDS),
    /** What the inbox offers for a denial, beside a note of one's own. */
    val denyReasons: List<String> = DENY_REASONS,
    /** The policy; `null` is `sesame-policy.yaml` in the data directory, where there is one. */
    val policyFile: Path? = null,
    val limits: Limits = Limits(),
) {
    companion object {
        const val DEFAULT_PORT = 8700
        const val CONFIRM_RISK = 0.8

        val DENY_REASONS = listOf("Not expected", "Wrong amount or target", "Not enough detail", "Not now")

        /** A week. */
        const val EXTEND_WITHIN_SECONDS = 604_800L
    }
}

/** Where a PostgreSQL is: a JDBC URL, and who asks it, where the URL doesn't say. */
internal class DatabaseConfig(val url: String, val user: String? = null, val password: Secret? = null)

/** How a person proves who they are, once more, to approve what weighs much: a passkey where they have one, or a typed word alone. */
internal enum class StepUpBy { PASSKEY, TYPED }

/** What one requester may use; the defaults are the contract's. */
internal data class Limits(
    val opensPerSecond: Int = 100,
    val openBurst: Int = 500,
    val openRequests: Int = 20_000,
    val feeds: Int = 8,
    val heldPolls: Int = 5_000,
)
