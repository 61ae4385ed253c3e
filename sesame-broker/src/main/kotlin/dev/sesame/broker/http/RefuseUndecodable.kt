package dev.sesame.broker.http

import dev.sesame.broker.access.Ids
import dev.sesame.rules.FieldProblem
import dev.sesame.rules.invalid
import dev.sesame.rules.toJson
import io.netty.buffer.Unpooled
import io.netty.channel.ChannelFutureListener
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import io.netty.handler.codec.http.DefaultFullHttpResponse
import io.netty.handler.codec.http.HttpObject
import io.netty.handler.codec.http.HttpResponseStatus
import io.netty.handler.codec.http.HttpVersion
import io.netty.util.ReferenceCountUtil

/**
 * Answers what isn't HTTP (an over-long header, a wrong length) as a problem like any other, and hangs up.
 *
 * It never becomes a call: Ktor's engine would leave the sender waiting.
 */
internal class RefuseUndecodable(private val ids: Ids, private val features: String) : ChannelInboundHandlerAdapter() {
    override fun channelRead(context: ChannelHandlerContext, message: Any) {
        if (message !is HttpObject || message.decoderResult().isSuccess) {
            context.fireChannelRead(message)
            return
        }
        ReferenceCountUtil.release(message)
        context.writeAndFlush(refusal()).addListener(ChannelFutureListener.CLOSE)
    }

    private fun refusal(): DefaultFullHttpResponse {
        val id = ids.request()
        val status = HttpResponseStatus.BAD_REQUEST
        val body = invalid(FieldProblem("request", "is not HTTP: its first line or a header can't be read, or is too long"))
            .toJson(id, status.code()).toString().toByteArray()
        return DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body)).apply {
            headers().set("Content-Type", problemJson.toString()).set("Content-Length", body.size).set("Connection", "close")
            contractHeaders(id, features).forEach { (name, value) -> headers().set(name, value) }
        }
    }
}
