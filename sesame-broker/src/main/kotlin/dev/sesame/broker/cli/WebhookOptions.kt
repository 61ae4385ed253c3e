package dev.sesame.broker.cli

import com.github.ajalt.clikt.parameters.groups.OptionGroup
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import dev.sesame.InvalidRequestException
import dev.sesame.WebhookSecret
import dev.sesame.broker.access.BadSecretsKey
import dev.sesame.broker.access.SecretsKey

/** How webhooks are signed, where they may go besides public hosts, and with what their secrets are sealed. */
internal class WebhookOptions : OptionGroup("Webhooks") {
    val secret: WebhookSecret? by option(
        "--webhook-secret",
        envvar = "SESAME_WEBHOOK_SECRET",
        help = "Signs webhooks to callback URLs; default: made at the first start",
    ).convert { text ->
        try {
            WebhookSecret.of(text)
        } catch (problem: InvalidRequestException) {
            fail(problem.message.orEmpty())
        }
    }

    val allow: String by option(
        "--webhook-allow",
        envvar = "SESAME_WEBHOOK_ALLOW",
        help = "Addresses that webhooks may reach though they are not public: CIDR, comma-separated",
    ).default("")

    val secretsKey: ByteArray? by option(
        "--secrets-key",
        envvar = SecretsKey.VARIABLE,
        help = "Seals secrets on the disk; default: ${SecretsKey.FILE} in the data directory, made at the first start",
    ).convert { text ->
        try {
            SecretsKey.parse(text, SecretsKey.VARIABLE)
        } catch (problem: BadSecretsKey) {
            fail(problem.message.orEmpty())
        }
    }
}
