package dev.sesame.broker.egress

import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.NetworkInterface

/**
 * Where this broker listens, for [Egress]: at [listening] alone, or, where that is a wildcard, at this port of every address of this
 * machine, which [local] names each time anew.
 */
internal class OwnAddresses(
    private val listening: InetSocketAddress,
    private val local: () -> Set<InetAddress> = ::addressesOfThisMachine,
) : (InetSocketAddress) -> Boolean {
    override fun invoke(address: InetSocketAddress): Boolean {
        if (address.port != listening.port) return false
        val here = listening.address
        if (address.address == here || address.address.isAnyLocalAddress) return true
        return here.isAnyLocalAddress && (address.address.isLoopbackAddress || address.address in local())
    }
}

private fun addressesOfThisMachine(): Set<InetAddress> =
    NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList().toSet()
