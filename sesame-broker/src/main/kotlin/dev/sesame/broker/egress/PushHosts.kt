package dev.sesame.broker.egress

import dev.sesame.broker.address.CidrBlock
import java.net.InetSocketAddress

/**
 * Where push messages may go: to the well-known push services by name, and to what [allow] (`SESAME_PUSH_ALLOW`) adds, comma-separated:
 * hosts, `*.` before one for all below it, and CIDR blocks. An endpoint comes from a browser, so it is trusted no further than this. A block
 * lets addresses in it be named and answered from, also over plain http; a host's name must stand here whatever its address.
 * [IllegalArgumentException] where [allow] holds something else.
 */
internal class PushHosts(allow: String, isOwn: (InetSocketAddress) -> Boolean) {
    private val entries = allow.split(',').map(String::trim).filter(String::isNotEmpty)
    private val names = WELL_KNOWN + entries.filter(host::matches).map(String::lowercase)

    /** The guard of the client that sends. */
    val egress = Egress(entries.filterNot(host::matches).map(::block), "SESAME_PUSH_ALLOW", isOwn)

    /** Why nothing may be sent to [endpoint], in words that follow its name; `null` where nothing speaks against it before DNS does. */
    fun problem(endpoint: String): String? {
        val target = try {
            Target.of(endpoint, egress)
        } catch (problem: BadTarget) {
            return problem.reason
        }
        if (target.address != null || names.any { target.host.lowercase().isNamedBy(it) }) return null
        return "must be at a push service that this broker knows: ${target.host} is none, and not in SESAME_PUSH_ALLOW"
    }

    private fun String.isNamedBy(name: String) = if (name.startsWith("*.")) endsWith(name.drop(1)) else this == name

    private fun block(text: String): CidrBlock = try {
        CidrBlock.of(text)
    } catch (problem: IllegalArgumentException) {
        throw IllegalArgumentException("${problem.message}; or name a host such as push.example.com or *.example.com", problem)
    }

    private companion object {
        /** Chrome and its kin, Firefox, Safari, Edge. */
        val WELL_KNOWN = listOf("fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com")

        /** A name of two labels or more whose last one is no number. */
        val host = Regex("""(?:\*\.)?(?:[0-9A-Za-z_-]{1,63}\.)+[A-Za-z][0-9A-Za-z-]{0,62}""")
    }
}
