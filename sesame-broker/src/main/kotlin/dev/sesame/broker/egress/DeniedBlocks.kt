package dev.sesame.broker.egress

import dev.sesame.broker.address.CidrBlock
import java.net.Inet6Address
import java.net.InetAddress

/**
 * The addresses that are nobody's public ones, from IANA's registries of special purpose addresses (RFC 6890), and those that lead to such
 * ones by a detour: a webhook never goes there unless the operator allowed it.
 */
internal object DeniedBlocks {
    private val named: List<Pair<CidrBlock, String>> = listOf(
        "0.0.0.0/8" to "this host and network",
        "10.0.0.0/8" to "a private network",
        "100.64.0.0/10" to "carrier-grade NAT",
        "127.0.0.0/8" to "loopback",
        "168.63.129.16/32" to "a cloud's own host",
        "169.254.0.0/16" to "link-local, where clouds keep credentials",
        "172.16.0.0/12" to "a private network",
        "192.0.0.0/24" to "protocol assignments",
        "192.0.2.0/24" to "documentation",
        "192.88.99.0/24" to "6to4 relays",
        "192.168.0.0/16" to "a private network",
        "198.18.0.0/15" to "benchmarks of networks",
        "198.51.100.0/24" to "documentation",
        "203.0.113.0/24" to "documentation",
        "224.0.0.0/4" to "multicast",
        "240.0.0.0/4" to "reserved, and broadcast",
        "::/128" to "this host",
        "::1/128" to "loopback",
        "::/96" to "an IPv4 address inside an IPv6 one",
        "64:ff9b::/96" to "NAT64",
        "64:ff9b:1::/48" to "NAT64",
        "100::/64" to "discarded",
        "2001::/23" to "protocol assignments, Teredo among them",
        "2001:db8::/32" to "documentation",
        "2002::/16" to "6to4",
        "3fff::/20" to "documentation",
        "5f00::/16" to "segment routing",
        "fc00::/7" to "a private network",
        "fe80::/10" to "link-local",
        "fec0::/10" to "site-local",
        "ff00::/8" to "multicast",
    ).map { (block, name) -> CidrBlock.of(block) to name }

    /** Of IPv6, only this is given out for public use; RFC 4291, 2.4. */
    private val globalUnicast = CidrBlock.of("2000::/3")

    /** What kind of address [address] is that nobody's public one is; `null` where it is public. */
    fun nameOf(address: InetAddress): String? = named.firstOrNull { (block, _) -> address in block }?.second
        ?: "not given out for public use".takeIf { address is Inet6Address && address !in globalUnicast }
}
