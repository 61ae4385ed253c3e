package dev.sesame.ktor.internal

import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.Hook
import io.ktor.server.application.PipelineCall
import io.ktor.server.application.call
import io.ktor.server.request.ApplicationReceivePipeline
import io.ktor.util.AttributeKey
import io.ktor.util.pipeline.PipelinePhase
import io.ktor.utils.io.ByteReadChannel

/** Stands around the handler, after authentication and all else: the handler is reached only by what is given as `proceed`. */
internal object AroundHandler : Hook<suspend (call: PipelineCall, proceed: suspend () -> Unit) -> Unit> {
    private val phase = PipelinePhase("SesameAroundHandler")

    override fun install(pipeline: ApplicationCallPipeline, handler: suspend (call: PipelineCall, proceed: suspend () -> Unit) -> Unit) {
        pipeline.insertPhaseBefore(ApplicationCallPipeline.Call, phase)
        pipeline.intercept(phase) {
            if (call.response.isCommitted) return@intercept
            var isReached = false
            handler(call) {
                isReached = true
                proceed()
            }
            if (!isReached) finish()
        }
    }
}

/** Gives the handler the bytes that were read before it: first of all, so that decoding and content negotiation see them as they came. */
internal object ReceivedAgain : Hook<() -> Unit> {
    private val phase = PipelinePhase("SesameReceivedAgain")

    override fun install(pipeline: ApplicationCallPipeline, handler: () -> Unit) {
        pipeline.receivePipeline.insertPhaseBefore(ApplicationReceivePipeline.Before, phase)
        pipeline.receivePipeline.intercept(phase) { subject ->
            // Anything else is Ktor's mark that it was received before.
            if (subject is ByteReadChannel) call.attributes.getOrNull(bodyKey)?.let { proceedWith(ByteReadChannel(it)) }
        }
    }
}

/** The bytes of a body that was read before the handler. */
internal val bodyKey: AttributeKey<ByteArray> = AttributeKey("SesameBody")

/** Keeps [bytes] for whoever receives the body later. */
internal fun ApplicationCall.keepBody(bytes: ByteArray): Unit = attributes.put(bodyKey, bytes)
