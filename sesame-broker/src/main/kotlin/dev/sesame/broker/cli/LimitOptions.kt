package dev.sesame.broker.cli

import com.github.ajalt.clikt.parameters.groups.OptionGroup
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.sesame.broker.Limits

/** What one requester may use. */
internal class LimitOptions : OptionGroup("Limits, for each requester") {
    private val usual = Limits()

    private val opensPerSecond by limit("--limit-opens-per-second", "SESAME_LIMIT_OPENS_PER_SECOND", usual.opensPerSecond)
    private val openBurst by limit("--limit-open-burst", "SESAME_LIMIT_OPEN_BURST", usual.openBurst)
    private val openRequests by limit("--limit-open-requests", "SESAME_LIMIT_OPEN_REQUESTS", usual.openRequests)
    private val feeds by limit("--limit-feeds", "SESAME_LIMIT_FEEDS", usual.feeds)
    private val heldPolls by limit("--limit-held-polls", "SESAME_LIMIT_HELD_POLLS", usual.heldPolls)

    fun toLimits() = Limits(opensPerSecond, openBurst, openRequests, feeds, heldPolls)

    private fun limit(name: String, variable: String, usual: Int) =
        option(name, envvar = variable, help = "Default: $usual").int().restrictTo(1..LARGEST).default(usual)

    private companion object {
        const val LARGEST = 10_000_000
    }
}
