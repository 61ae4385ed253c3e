package dev.sesame.broker.address

import java.net.InetAddress

/** All addresses that begin with the same [bits] as [network] does (RFC 4632, RFC 4291). */
internal class CidrBlock private constructor(private val network: ByteArray, private val bits: Int) {
    operator fun contains(address: InetAddress): Boolean = address.address.let { it.size == network.size && sharesPrefix(it) }

    private fun sharesPrefix(address: ByteArray): Boolean {
        val whole = bits / BYTE
        if ((0 until whole).any { address[it] != network[it] }) return false
        val rest = BYTE - bits % BYTE
        return rest == BYTE || address[whole].toInt() and 0xff shr rest == network[whole].toInt() and 0xff shr rest
    }

    /** Whether no bit is set after the prefix. */
    private fun isWhole(): Boolean =
        (bits until network.size * BYTE).none { network[it / BYTE].toInt() shr (BYTE - 1 - it % BYTE) and 1 == 1 }

    companion object {
        private const val BYTE = 8

        /** Blocks by commas, such as `127.0.0.0/8, fd00::/8`; [IllegalArgumentException] with one line that says which is none, and why. */
        fun list(text: String): List<CidrBlock> = text.split(',').map(String::trim).filter(String::isNotEmpty).map(::of)

        /** One block, such as `10.0.0.0/8` or `fd00::/8`; an address alone is a block of one. */
        fun of(text: String): CidrBlock {
            val address = plainAddress(text.substringBefore('/').removeSurrounding("[", "]"))?.address
            requireNotNull(address) { "\"${text.shown()}\" is no CIDR block: write them like 10.0.0.0/8 or fd00::/8, by commas" }
            val size = address.size * BYTE
            val prefix = text.substringAfter('/', missingDelimiterValue = "$size")
            val bits = prefix.takeIf { it.matches(Regex("[0-9]{1,3}")) }?.toInt()
            require(bits != null && bits <= size) {
                "\"${text.shown()}\" is no CIDR block: after the slash belongs a number from 0 to $size"
            }
            val block = CidrBlock(address, bits)
            require(block.isWhole()) {
                "\"${text.shown()}\" is no CIDR block: bits after the first $bits are set; for that address alone write /$size"
            }
            return block
        }

        private fun String.shown() = take(60)
    }
}
