package dev.sesame.ktor.internal

import dev.sesame.DecisionHandlers
import dev.sesame.WebhookEvent
import dev.sesame.WebhookVerifier
import dev.sesame.ktor.SesameWebhooksConfig
import dev.sesame.ktor.WebhookAnswer
import io.ktor.util.AttributeKey
import kotlin.time.toJavaDuration

/** The event that a webhook told. */
internal val webhookKey: AttributeKey<WebhookEvent> = AttributeKey("SesameWebhook")

/** What is the same for all webhooks of a route. */
internal class WebhookRoute(config: SesameWebhooksConfig) {
    val limits: BodyLimits = BodyLimits(config.maxBodyBytes, config.bodyTimeout)
    val verifier: WebhookVerifier = WebhookVerifier(
        config.secrets.toList(),
        tolerance = config.tolerance.toJavaDuration(),
        allowTestMode = config.allowTestMode,
        clock = config.clock,
    )
    val handlers: DecisionHandlers? = config.handlers
    val listener: (WebhookAnswer) -> Unit = config.listener
}
