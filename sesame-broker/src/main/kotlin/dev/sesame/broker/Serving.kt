package dev.sesame.broker

import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.netty.NettyApplicationEngine
import io.netty.channel.ChannelOption
import io.netty.handler.codec.http.HttpServerKeepAliveHandler
import java.io.IOException
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.nio.channels.UnresolvedAddressException
import java.nio.file.FileSystemException

/** Listens for a moment, before anything else is made: the engine takes seconds to give up an address that it can't have. */
internal fun tryToListen(config: BrokerConfig) {
    try {
        ServerSocket().use { it.bind(InetSocketAddress(config.host, config.port)) }
    } catch (problem: IOException) {
        throw cannotListen(config, problem)
    }
}

/** Returns when the broker's address is served by what [wiring] made. */
internal fun serve(config: BrokerConfig, wiring: Wiring): EmbeddedServer<NettyApplicationEngine, NettyApplicationEngine.Configuration> {
    // Ktor's own hook would cut off the calls that ours lets end.
    System.setProperty("io.ktor.server.engine.ShutdownHook", "false")
    val server = embeddedServer(
        Netty,
        configure = {
            connector {
                host = config.host
                port = config.port
            }
            // Nothing here blocks a thread of the engine's, so a call needs no hop to another.
            shareWorkGroup = true
            maxInitialLineLength = LONGEST_REQUEST_LINE_BYTES
            channelPipelineConfig = {
                addAfter("codec", "undecodable", wiring.refuseUndecodable())
                addAfter("codec", "keep-alive", HttpServerKeepAliveHandler()) // hangs up where an answer says close; Ktor alone doesn't
            }
            configureBootstrap = {
                option(ChannelOption.SO_BACKLOG, BACKLOG)
                childOption(ChannelOption.SO_KEEPALIVE, true)
            }
        },
        module = { wiring.install(this, config.limits) },
    )
    try {
        return server.start(wait = false)
    } catch (problem: Exception) {
        if (problem.causes().none { it is IOException || it is UnresolvedAddressException }) throw problem
        throw cannotListen(config, problem) // somebody took it since it was tried
    }
}

private fun cannotListen(config: BrokerConfig, problem: Exception) = CannotStart(
    "${config.host}:${config.port} can't be listened on (${problem.firstLine()}): choose another --port, or stop what uses it",
    problem,
)

private fun Throwable.causes(): Sequence<Throwable> = generateSequence(this) { it.cause }

/** What is at the bottom of it, for people. */
internal fun Throwable.firstLine(): String = causes().last().let { root ->
    val message = root.message?.lineSequence()?.first() ?: return@let root.javaClass.simpleName
    if (root is FileSystemException) "${root.javaClass.simpleName}: $message" else message // which says the path alone
}

private const val LONGEST_REQUEST_LINE_BYTES = 16 * 1024
private const val BACKLOG = 4_096
