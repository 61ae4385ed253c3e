package dev.sesame.ktor

import dev.sesame.DecisionHandlers
import dev.sesame.DecisionHandlersConfig
import dev.sesame.Sesame
import dev.sesame.WebhookSecret
import java.time.Clock
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** How webhooks are checked, and what is done with them; see [SesameWebhooks]. */
public class SesameWebhooksConfig internal constructor() {
    internal val secrets = mutableListOf<WebhookSecret>()
    internal var handlers: DecisionHandlers? = null
        private set
    internal var listener: (WebhookAnswer) -> Unit = {}
        private set

    /** How far the sender's time may be from this machine's, either way; to a day. */
    public var tolerance: Duration = 5.minutes

    /** The largest body, which is held in memory; a larger one is refused before it is read whole. */
    public var maxBodyBytes: Int = 1024 * 1024

    /** How long reading the body may take. */
    public var bodyTimeout: Duration = 10.seconds

    /** Whether events of test mode count. */
    public var allowTestMode: Boolean = false

    /** What the sender's time is compared with. */
    public var clock: Clock = Clock.systemUTC()

    /** Accepts what is signed with [text], `whsec_…`; several are accepted alike, for as long as a rotation takes. `null` is an error. */
    public fun secret(text: String?) {
        secret(WebhookSecret.of(requireNotNull(text) { "there is no webhook secret: is SESAME_WEBHOOK_SECRET set?" }))
    }

    /** The same for a secret at hand. */
    public fun secret(secret: WebhookSecret) {
        secrets += secret
    }

    /** What to do on which decision; the approvals are claimed and reported by way of [sesame], so that each runs at most once. */
    public fun handlers(sesame: Sesame, configure: DecisionHandlersConfig.() -> Unit): Unit = handlers(DecisionHandlers(sesame, configure))

    /** The same for handlers made elsewhere. */
    public fun handlers(handlers: DecisionHandlers) {
        this.handlers = handlers
    }

    /** [listener] hears of every answer, for metrics: be quick. What it throws is logged. */
    public fun onAnswer(listener: (WebhookAnswer) -> Unit) {
        this.listener = listener
    }

    /** For logs: never a secret. */
    override fun toString(): String = "SesameWebhooksConfig(${secrets.size} secrets)"
}

/** How a webhook was answered. */
public class WebhookAnswer internal constructor(
    /** The HTTP status. */
    public val status: Int,
    /**
     * One word, fit for a metric's label: `handled`, `repeated`, `under_way`, `failed`; `too_large`, `too_slow`, `content_type`; or why it isn't
     * trusted, as the values of `WebhookReason`.
     */
    public val outcome: String,
) {
    /** For logs. */
    override fun toString(): String = "$status $outcome"
}
