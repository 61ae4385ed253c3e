package dev.sesame.testing.internal

import java.net.URI
import java.net.URISyntaxException

/**
 * What is wrong with an address for webhooks, in words that follow a field's name; `null` where nothing is.
 *
 * It refuses what a broker without `SESAME_WEBHOOK_ALLOW` refuses. The fake calls no address, so none is resolved.
 */
internal fun callbackUrlProblem(url: String): String? {
    if (url.any { it !in '!'..'~' }) return "must be written in ASCII without spaces: a foreign host as xn--…, the rest percent-encoded"
    val uri = try {
        URI(url)
    } catch (problem: URISyntaxException) {
        return "must be a URL: ${problem.reason.lowercase()} at character ${problem.index + 1}"
    }
    if (!uri.scheme.equals("https", ignoreCase = true)) return "must start with https://"
    val authority = uri.rawAuthority ?: return "must name a host after https://"
    if ('@' in authority) return "must not carry a user or a password"
    val (host, port) = authorityParts.matchEntire(authority)?.destructured ?: return "must name one host, and at most one port"
    if (port.isNotEmpty() && port.drop(1).toIntOrNull() !in 1..LAST_PORT) return "must name a port from 1 to $LAST_PORT"
    return hostProblem(host.lowercase().removeSuffix("."))
}

private fun hostProblem(host: String): String? {
    val last = host.substringAfterLast('.')
    return when {
        host.isEmpty() -> "must name a host after https://"
        last == "localhost" -> "must not name this machine"
        host.startsWith('[') || last.all(Char::isDigit) || last.startsWith("0x") -> "must name a host, not an address"
        else -> null
    }
}

private val authorityParts = Regex("""(\[[^\[\]]*]|[^\[\]:]*)(:[0-9]*)?""")
private const val LAST_PORT = 65_535
