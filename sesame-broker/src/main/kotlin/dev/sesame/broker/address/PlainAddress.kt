package dev.sesame.broker.address

import java.net.Inet6Address
import java.net.InetAddress
import java.net.UnknownHostException

private val fourNumbers = Regex("""(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}""")
private val hexAndColons = Regex("""[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*""")

/**
 * The address that [text] writes in the one plain way: four decimal numbers, or RFC 4291's form without a zone and without an IPv4 address
 * mapped into it. `null` for everything else, host names and every other notation of an address. It never asks DNS.
 */
internal fun plainAddress(text: String): InetAddress? = when {
    fourNumbers.matches(text) -> InetAddress.getByAddress(text.split('.').map { it.toInt().toByte() }.toByteArray())
    hexAndColons.matches(text) -> inBrackets(text) as? Inet6Address
    else -> null
}

/** In brackets the JDK takes nothing but a literal; a mapped one it returns as what is mapped. */
private fun inBrackets(text: String): InetAddress? = try {
    InetAddress.getByName("[$text]")
} catch (_: UnknownHostException) {
    null
}
