package dev.sesame.broker.cli

import com.github.ajalt.clikt.parameters.groups.OptionGroup
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.options.validate
import dev.sesame.broker.notice.push.PushConfig

/** How browsers are told. */
internal class PushOptions : OptionGroup("Notifications in browsers") {
    private val isOn: Boolean by option(
        "--push",
        envvar = "SESAME_PUSH",
        help = "false: no browser is told; default: those in which approvers turn it on",
    ).convert { it.toBooleanStrictOrNull() ?: fail("must be true or false") }.default(true)

    private val contact: String? by option(
        "--push-contact",
        envvar = "SESAME_PUSH_CONTACT",
        help = "Whom a push service may turn to, such as mailto:ops@example.com; default: the public address",
    ).validate { PushConfig.problem(it)?.let(::fail) }

    private val allow: String by option(
        "--push-allow",
        envvar = "SESAME_PUSH_ALLOW",
        help = "Push services besides the well-known ones: hosts, *.hosts and CIDR blocks, comma-separated",
    ).default("")

    private val showsDetail: Boolean by option(
        "--push-detail",
        envvar = "SESAME_PUSH_DETAIL",
        help = "true: notifications show action and summary, also on lock screens; default: only that a request waits",
    ).convert { it.toBooleanStrictOrNull() ?: fail("must be true or false") }.default(false)

    /** What stands beside `false`, and would have no effect. */
    val idle: String? get() = if (isOn) {
        null
    } else {
        listOfNotNull(
            "SESAME_PUSH_CONTACT".takeIf { contact != null },
            "SESAME_PUSH_ALLOW".takeIf { allow.isNotBlank() },
            "SESAME_PUSH_DETAIL".takeIf { showsDetail },
        ).firstOrNull()
    }

    fun toConfig() = PushConfig(isOn, contact, allow, showsDetail)
}
