package dev.sesame.bench.peers

import dev.restate.common.function.ThrowingBiConsumer
import dev.restate.sdk.Context
import dev.restate.sdk.HandlerRunner
import dev.restate.sdk.endpoint.Endpoint
import dev.restate.sdk.endpoint.definition.HandlerDefinition
import dev.restate.sdk.endpoint.definition.HandlerType
import dev.restate.sdk.endpoint.definition.ServiceDefinition
import dev.restate.sdk.endpoint.definition.ServiceType
import dev.restate.sdk.http.vertx.RestateHttpServer
import dev.restate.serde.Serde
import dev.restate.serde.SerdeFactory
import dev.sesame.bench.KeptConnection
import dev.sesame.bench.Proc
import dev.sesame.bench.waits.Decider
import dev.sesame.bench.waits.Deciders
import dev.sesame.bench.waits.contextOf
import io.vertx.core.Future
import io.vertx.core.Vertx
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.IOException
import java.net.URI
import java.time.Duration
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

/** The handlers of one turn in this JVM, over HTTP/2 as the SDK serves them, those who call them, and those who decide. */
internal class RestateProgram(private val node: RestateServer, private val calls: Calls) : Program {
    private val vertx = Vertx.vertx()
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val callers = ConcurrentLinkedQueue<KeptConnection>()
    override val server = Proc(node.pid)
    override val deciders = Deciders(List(Deciders.COUNT) { Resolver(KeptConnection(node.url)) })

    init {
        val endpoint = RestateHttpServer.fromEndpoint(vertx, Endpoint.bind(service()).build()).listen(0, LOOPBACK).awaited()
        node.register(URI("http://$LOOPBACK:${endpoint.actualPort()}"))
    }

    /** Returns when the server has the call on its disk; it then calls [wait]. */
    override fun ask(index: Int) {
        val caller = callers.poll() ?: KeptConnection(node.url)
        val said = caller.post("/$SERVICE/$HANDLER/send", contextOf(index).toString())
        if (said.status != ACCEPTED) throw IOException("call $index was not taken: ${said.status} ${said.body}")
        callers += caller
    }

    /** Its server says nothing of that: what goes on longer than the bench lets it settle would be seen as slow first decisions. */
    override fun untilParked(count: Int) = Unit

    override fun serverBytes(): Double? = server.residentBytes()

    override fun close() {
        deciders.close()
        callers.forEach { it.close() }
        vertx.close().awaited()
        threads.shutdownNow()
    }

    /** What the SDK's annotations would generate. */
    private fun service(): ServiceDefinition {
        val runner = HandlerRunner.of(
            ThrowingBiConsumer<Context, ByteArray>(::wait),
            SerdeFactory.NOOP,
            HandlerRunner.Options.withExecutor(threads),
        )
        val handler = HandlerDefinition.of(HANDLER, HandlerType.SHARED, json, Serde.VOID, runner)
        return ServiceDefinition.of(SERVICE, ServiceType.SERVICE, listOf(handler)).configure { it.inactivityTimeout(NEVER) }
    }

    private fun wait(context: Context, question: ByteArray) {
        val index = Json.parseToJsonElement(question.decodeToString()).jsonObject.getValue("wait").jsonPrimitive.int
        val answer = context.awakeable(Serde.RAW)
        calls.opened(index, answer.id())
        answer.await()
        calls.goesOn(index)
    }

    private fun <T> Future<T>.awaited(): T = toCompletionStage().toCompletableFuture().get(WITHIN_S, TimeUnit.SECONDS)

    private companion object {
        const val LOOPBACK = "127.0.0.1"
        const val SERVICE = "Refunds"
        const val HANDLER = "ask"
        const val ACCEPTED = 202
        const val WITHIN_S = 30L
        val NEVER: Duration = Duration.ofHours(1)
        val json: Serde<ByteArray> = Serde.withContentType("application/json", Serde.RAW)
    }
}

/** Decides over a kept connection, as bare as HTTP allows. */
private class Resolver(private val connection: KeptConnection) : Decider {
    override fun decide(id: String, answer: String) {
        val said = connection.post("/restate/awakeables/$id/resolve", "\"$answer\"")
        if (said.status != ACCEPTED) throw IOException("$id could not be resolved: ${said.status} ${said.body}")
    }

    override fun close(): Unit = connection.close()

    private companion object {
        const val ACCEPTED = 202
    }
}
