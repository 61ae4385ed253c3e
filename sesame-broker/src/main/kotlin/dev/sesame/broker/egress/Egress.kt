package dev.sesame.broker.egress

import dev.sesame.broker.address.CidrBlock
import java.net.InetAddress
import java.net.InetSocketAddress

/**
 * Which addresses webhooks and pushes may go to: the public ones, and those in [allow], which [setting] lists; never [isOwn], where the broker
 * itself listens, whatever is allowed. Plain http goes to those in [allow] only: elsewhere everyone on the way would read along.
 */
internal class Egress(
    private val allow: List<CidrBlock> = emptyList(),
    val setting: String = "SESAME_WEBHOOK_ALLOW",
    private val isOwn: (InetSocketAddress) -> Boolean = { false },
) {
    /** Whether a URL may say `http`, with a name that nobody has looked up yet. */
    val mayBePlain: Boolean get() = allow.isNotEmpty()

    fun allows(address: InetAddress): Boolean = allow.any { address in it }

    /** Why nothing may be sent to [address] at [port]; `null` where it may. */
    fun refusal(address: InetAddress, port: Int, isSecure: Boolean): String? = when {
        isOwn(InetSocketAddress(address, port)) -> "${address.hostAddress} at port $port is this broker itself"
        allows(address) -> null
        !isSecure -> "plain http goes only to addresses in $setting, and ${address.hostAddress} is not"
        else -> DeniedBlocks.nameOf(address)?.let { "${address.hostAddress} is no public address ($it)" }
    }
}
