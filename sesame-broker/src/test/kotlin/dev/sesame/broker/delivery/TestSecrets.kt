package dev.sesame.broker.delivery

import dev.sesame.broker.access.SecretBox
import dev.sesame.broker.store.random

internal fun testSecrets() = WebhookSecrets(SecretBox(random(32), random))
