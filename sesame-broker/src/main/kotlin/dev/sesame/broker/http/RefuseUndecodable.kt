package dev.sesame.broker.http

import io.netty.buffer.Unpooled
import io.netty.channel.ChannelFutureListener
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import io.netty.handler.codec.http.DefaultFullHttpResponse
import io.netty.handler.codec.http.HttpObject
import io.netty.handler.codec.http.HttpResponseStatus
import io.netty.handler.codec.http.HttpVersion
import io.netty.util.ReferenceCountUtil
import kotlinx.serialization.json.JsonPrimitive

/** Answers what isn't HTTP (an over-long header, a wrong length) and hangs up; Ktor's engine would leave the sender waiting. */
internal class RefuseUndecodable : ChannelInboundHandlerAdapter() {
    override fun channelRead(context: ChannelHandlerContext, message: Any) {
        if (message !is HttpObject || message.decoderResult().isSuccess) {
            context.fireChannelRead(message)
            return
        }
        ReferenceCountUtil.release(message)
        val body = jsonObjectOf(
            "type" to JsonPrimitive("urn:sesame:problem:invalid"),
            "title" to JsonPrimitive("This is not HTTP"),
            "status" to JsonPrimitive(HttpResponseStatus.BAD_REQUEST.code()),
            "detail" to JsonPrimitive("the request line or a header can't be read, or is too long"),
            "code" to JsonPrimitive("invalid"),
        ).toString().toByteArray()
        val answer = DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_REQUEST, Unpooled.wrappedBuffer(body))
        answer.headers()
            .set("Content-Type", "application/problem+json")
            .set("Content-Length", answer.content().readableBytes())
            .set("Connection", "close")
        context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE)
    }
}
