package dev.sesame.broker.egress

import java.net.InetAddress
import java.net.URI
import java.net.URISyntaxException

/** Where a URL leads, read without DNS; [address] is there where the host is one, written plainly. */
internal class Target private constructor(val isSecure: Boolean, val host: String, val port: Int, val address: InetAddress?) {
    companion object {
        private const val LONGEST = 2048
        private val authorityParts = Regex("""(\[[^\[\]]*]|[^\[\]:]*)(?::([0-9]*))?""")

        /** Why no webhook may go to [url], in words that follow a field's name; `null` where nothing speaks against it before DNS does. */
        fun problem(url: String, egress: Egress): String? = try {
            of(url, egress)
            null
        } catch (problem: BadTarget) {
            problem.reason
        }

        /** Where [url] leads; [BadTarget] where no webhook may go there. */
        fun of(url: String, egress: Egress): Target = read(url).also { target -> target.refusal(egress)?.let { throw BadTarget(it) } }

        private fun Target.refusal(egress: Egress): String? = when {
            address != null && !egress.allows(address) -> "must name a host, not an address" + unlessAllowed(egress)
            address != null -> egress.refusal(address, port, isSecure)
            !isSecure && !egress.mayBePlain -> "must start with https://"
            else -> null
        }

        private fun unlessAllowed(egress: Egress) = if (egress.mayBePlain) " outside ${egress.setting}" else ""

        private fun read(url: String): Target {
            if (url.length > LONGEST) throw BadTarget("must be at most 2,048 characters long")
            val isAscii = url.all { it in '!'..'~' }
            if (!isAscii) throw BadTarget("must be written in ASCII without spaces: a foreign host as xn--…, the rest percent-encoded")
            val uri = try {
                URI(url)
            } catch (problem: URISyntaxException) {
                throw BadTarget("must be a URL: ${problem.reason.lowercase()} at character ${problem.index + 1}")
            }
            val isSecure = when (uri.scheme?.lowercase()) {
                "https" -> true
                "http" -> false
                else -> throw BadTarget("must start with https://")
            }
            return inAuthority(uri.rawAuthority ?: throw BadTarget("must name a host after https://"), isSecure)
        }

        private fun inAuthority(authority: String, isSecure: Boolean): Target {
            if ('@' in authority) throw BadTarget("must not carry a user or a password")
            val (host, digits) = authorityParts.matchEntire(authority)?.destructured
                ?: throw BadTarget("must name one host, and at most one port")
            if (':' in authority.removePrefix(host) && digits.isEmpty()) throw BadTarget("must not end its host with a colon")
            val port = if (digits.isEmpty()) defaultPort(isSecure) else digits.toIntOrNull() ?: 0
            Ports.refusal(port)?.let { throw BadTarget(it) }
            return Target(isSecure, host, port, HostName.addressOrChecked(host))
        }

        private fun defaultPort(isSecure: Boolean) = if (isSecure) 443 else 80
    }
}

/** A URL that no webhook goes to; [reason] follows the name of a field. */
internal class BadTarget(val reason: String) : Exception(reason)
