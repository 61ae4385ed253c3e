package dev.sesame.broker.egress

import dev.sesame.broker.address.CidrBlock
import java.net.InetAddress

/** A URL that no webhook may go to, and what DNS says to its host where it must be asked. */
internal class HostileUrl(val url: String, val addresses: List<InetAddress>?) {
    companion object {
        /** Those of `hostile-urls.txt`, once for each of [ports]. */
        fun all(ports: List<Int>): List<HostileUrl> = ports.flatMap { port -> lines.map { of(it.replace("{port}", "$port")) } }

        val lines: List<String> by lazy {
            HostileUrl::class.java.getResource("/egress/hostile-urls.txt")!!.readText().lines().filter {
                it.isNotEmpty() &&
                    !it.startsWith("#")
            }
        }

        private fun of(line: String): HostileUrl {
            val answer = line.substringAfter(" ->", missingDelimiterValue = "none")
            if (answer == "none") return HostileUrl(line, null)
            return HostileUrl(line.substringBefore(" ->"), answer.split(',').map(String::trim).filter(String::isNotEmpty).map(::address))
        }
    }
}

/** What [literal] writes, an address mapped into an IPv6 one included; DNS is not asked. */
internal fun address(literal: String): InetAddress = InetAddress.getByName(if (':' in literal) "[$literal]" else literal)

internal fun allowing(vararg blocks: String): Egress = Egress(blocks.map(CidrBlock::of))
