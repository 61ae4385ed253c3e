package dev.sesame.broker.http

import io.ktor.server.netty.NettyApplicationCall
import io.ktor.server.routing.RoutingCall
import io.netty.channel.ChannelFutureListener
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.job

/**
 * Runs [block], and ends it when the caller's connection ends: what is held for somebody who isn't there would be held for ever.
 *
 * It also ends where the connection had ended before this began. Ktor's own plugin hears only of what ends later, and so kept the feeds of
 * callers who hung up at once.
 */
internal suspend fun <T> RoutingCall.whileThere(block: suspend () -> T): T {
    val engineCall = pipelineCall.engineCall as? NettyApplicationCall ?: return block()
    val closing = engineCall.context.channel().closeFuture()
    return coroutineScope {
        val work = coroutineContext.job
        val end = ChannelFutureListener { work.cancel(CancellationException("the caller left")) }
        closing.addListener(end) // at once where it is closed already
        try {
            block()
        } finally {
            closing.removeListener(end)
        }
    }
}
