package dev.sesame.broker.cli

import com.github.ajalt.clikt.parameters.groups.OptionGroup
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.choice
import com.github.ajalt.clikt.parameters.types.double
import com.github.ajalt.clikt.parameters.types.long
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.sesame.broker.BrokerConfig
import dev.sesame.broker.StepUpBy
import java.time.Duration

/** What this workspace asks of people who decide, and allows them. */
internal class DecisionOptions : OptionGroup("Decisions") {
    val confirmRisk: Double by option(
        envvar = "SESAME_CONFIRM_RISK",
        help = "From this risk score on the inbox wants a typed confirmation, and no button in a message decides; " +
            "default: ${BrokerConfig.CONFIRM_RISK}",
    ).double().restrictTo(0.0..1.0).default(BrokerConfig.CONFIRM_RISK)

    val stepUp: StepUpBy by option(
        envvar = "SESAME_STEP_UP",
        help = "What approving such a request in the inbox takes: passkey, where the approver has one, or typed; default: passkey",
    ).choice(StepUpBy.entries.associateBy { it.name.lowercase() }).default(StepUpBy.PASSKEY)

    val denyReasons: List<String> by option(
        envvar = "SESAME_DENY_REASONS",
        help = "What the inbox offers for a denial, separated by |, to $MOST_REASONS of $LONGEST_REASON characters; " +
            "default: ${BrokerConfig.DENY_REASONS.joinToString("|")}",
    ).convert { text ->
        val reasons = text.split('|').map { it.trim() }.filter { it.isNotEmpty() }.distinct()
        if (reasons.size > MOST_REASONS) fail("may hold at most $MOST_REASONS, not ${reasons.size}")
        reasons.firstOrNull { it.length > LONGEST_REASON }?.let { fail("may hold reasons of at most $LONGEST_REASON characters") }
        reasons
    }.default(BrokerConfig.DENY_REASONS)

    private val extendWithinSeconds by option(
        "--extend-within",
        envvar = "SESAME_EXTEND_WITHIN",
        help = "Until so many seconds after it was asked approvers may put off when a request expires; 0: never; " +
            "default: ${BrokerConfig.EXTEND_WITHIN_SECONDS}",
    ).long().restrictTo(0L..MOST_EXTEND_SECONDS).default(BrokerConfig.EXTEND_WITHIN_SECONDS)

    val extendWithin: Duration get() = Duration.ofSeconds(extendWithinSeconds)

    private companion object {
        const val MOST_REASONS = 12
        const val LONGEST_REASON = 80

        /** What the contract allows: 30 days. */
        const val MOST_EXTEND_SECONDS = 2_592_000L
    }
}
