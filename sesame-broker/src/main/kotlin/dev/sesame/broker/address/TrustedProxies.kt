package dev.sesame.broker.address

/** The proxies that are believed about for whom a call is. Nobody else is: anybody can write such a header. */
internal class TrustedProxies(private val blocks: List<CidrBlock>) {
    /**
     * The address of the visitor: the other end of the connection, [peer]. Where that is one of these proxies, it is the last address in
     * [forwardedFor], the values of `X-Forwarded-For`, that is none of them: a proxy adds at the end, and what stands before may be made up.
     */
    fun visitor(peer: String, forwardedFor: List<String>): String {
        val told = forwardedFor.flatMap { it.split(',') }.asReversed().iterator()
        var nearest = peer
        while (isOneOfThese(nearest) && told.hasNext()) nearest = plainAddress(told.next().trim())?.hostAddress ?: return nearest
        return nearest
    }

    private fun isOneOfThese(address: String): Boolean =
        blocks.isNotEmpty() && plainAddress(address)?.let { own -> blocks.any { own in it } } == true

    companion object {
        val NONE = TrustedProxies(emptyList())

        /** As [CidrBlock.list] reads them. */
        fun of(text: String): TrustedProxies = TrustedProxies(CidrBlock.list(text))
    }
}
