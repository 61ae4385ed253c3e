package dev.sesame.broker.address

import java.net.Inet6Address
import java.net.InetAddress

/** The proxies that are believed about for whom a call is. Nobody else is: anybody can write such a header. */
internal class TrustedProxies(private val blocks: List<CidrBlock>) {
    /**
     * The address of the visitor: the other end of the connection, [peer]. Where that is one of these proxies, it is the last address in
     * [forwardedFor], the values of `X-Forwarded-For`, that is none of them: a proxy adds at the end, and what stands before may be made up.
     */
    fun visitor(peer: String, forwardedFor: List<String>): String {
        val told = forwardedFor.flatMap { it.split(',') }.asReversed().iterator()
        var nearest = peer
        while (isOneOfThese(nearest) && told.hasNext()) nearest = addressIn(told.next().trim())?.hostAddress ?: return nearest
        return nearest
    }

    /** Some proxies add a port, and some write an IPv4 address as IPv6. */
    private fun addressIn(told: String): InetAddress? = when {
        told.startsWith('[') -> plainAddress(told.drop(1).substringBefore(']'))
        told.count { it == ':' } == 1 -> plainAddress(told.substringBefore(':'))
        else -> plainAddress(told.removePrefix("::ffff:"))
    }

    private fun isOneOfThese(address: String): Boolean =
        blocks.isNotEmpty() && plainAddress(address)?.let { own -> blocks.any { own in it } } == true

    companion object {
        val NONE = TrustedProxies(emptyList())

        /** As [CidrBlock.list] reads them. */
        fun of(text: String): TrustedProxies = TrustedProxies(CidrBlock.list(text))
    }
}

/** Whom [address] stands for: of IPv6 its first 64 bits, since one visitor has all that begin with them (RFC 4291, section 2.5.4). */
internal fun networkOf(address: String): String {
    val six = plainAddress(address.substringBefore('%')) as? Inet6Address ?: return address
    return six.address.take(IPV6_NETWORK_BYTES).joinToString("") { "%02x".format(it) } + "/64"
}

private const val IPV6_NETWORK_BYTES = 8
