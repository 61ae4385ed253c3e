package dev.sesame.broker

import dev.sesame.WebhookSecret
import dev.sesame.broker.access.Secret
import dev.sesame.broker.notice.telegram.TelegramConfig
import java.nio.file.Path

/** How a broker runs; flags and environment variables of the same meaning become one of these. */
internal data class BrokerConfig(
    val host: String = "127.0.0.1",
    /** 0 takes any free one. */
    val port: Int = DEFAULT_PORT,
    val dataDir: Path = Path.of("sesame-data"),
    val publicUrl: String? = null,
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
    /** From this `risk_score` on, a request is answered on its page, where more is asked of the person than a tap. */
    val confirmRisk: Double = CONFIRM_RISK,
    /** The policy; `null` is `sesame-policy.yaml` in the data directory, where there is one. */
    val policyFile: Path? = null,
    val limits: Limits = Limits(),
) {
    companion object {
        const val DEFAULT_PORT = 8700
        const val CONFIRM_RISK = 0.8
    }
}

/** What one requester may use; the defaults are the contract's. */
internal data class Limits(
    val opensPerSecond: Int = 100,
    val openBurst: Int = 500,
    val openRequests: Int = 20_000,
    val feeds: Int = 8,
    val heldPolls: Int = 5_000,
)
