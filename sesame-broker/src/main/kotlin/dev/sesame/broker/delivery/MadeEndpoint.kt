package dev.sesame.broker.delivery

import dev.sesame.WebhookSecret

/** An endpoint whose secret was made just now: the one moment at which that is shown. */
internal class MadeEndpoint(val endpoint: Endpoint, val secret: WebhookSecret)
