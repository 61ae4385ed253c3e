package dev.sesame.broker.egress

import dev.sesame.broker.address.plainAddress
import java.net.Inet6Address
import java.net.InetAddress

/** The host of a URL: a name that only DNS can tell more of, or an address in the one plain notation. All others are refused. */
internal object HostName {
    private const val LONGEST = 253
    private val label = Regex("""(?!-)[0-9a-z_-]{1,63}(?<!-)""")

    /** What every resolver of old takes for (a part of) a number: no name of DNS ends so (RFC 3696, 2). */
    private val number = Regex("""[0-9]+|0x[0-9a-f]*""")

    /** The address that [host] writes plainly; `null` where it is a proper name. [BadTarget] for everything else. */
    fun addressOrChecked(host: String): InetAddress? {
        if (host.isEmpty()) throw BadTarget("must name a host")
        if ('%' in host) throw BadTarget("must not percent-encode its host, nor name a zone")
        if (host.startsWith('[')) {
            return plainAddress(host.removeSurrounding("[", "]")) as? Inet6Address
                ?: throw BadTarget("must name a host, not an address in a notation of its own")
        }
        plainAddress(host)?.let { return it }
        checkName(host.lowercase())
        return null
    }

    private fun checkName(host: String) {
        val labels = host.trimEnd('.').split('.')
        when {
            number.matches(labels.last()) -> throw BadTarget("must name a host, not an address: no host's name ends in a number")
            labels.last() == "localhost" -> throw BadTarget("must not name localhost")
            host.endsWith('.') -> throw BadTarget("must not end its host with a dot")
            host.length > LONGEST -> throw BadTarget("must name a host of at most $LONGEST characters")
            !labels.all(label::matches) -> throw BadTarget("must name a host: letters, digits and hyphens, by dots")
        }
    }
}
