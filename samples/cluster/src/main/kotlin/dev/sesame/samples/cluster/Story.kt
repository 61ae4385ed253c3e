package dev.sesame.samples.cluster

import dev.sesame.ApprovalDeniedException
import dev.sesame.Approvers
import dev.sesame.Sesame
import dev.sesame.SesameException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.firstOrNull
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration
import java.time.Instant
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What several brokers are for, shown: each knows what the other was told, and one that dies takes nothing with it. */
internal class Story(private val cluster: Cluster, private val saysYes: Boolean) {
    private val made = cluster.brokers.first()
    private val key = made.apiKey
    private val token = made.adminToken

    /** Asked through the proxy, waited for at one broker, decided at the other. */
    suspend fun decideElsewhere() {
        val (here, there) = cluster.brokers
        println("\nAsking through the proxy, waiting at broker ${here.name}, deciding at broker ${there.name}…")
        val id = client(cluster.proxy.url).use { it.trigger("payments.refund", summary = "Refund 42.00 to Ana").id }
        client(here.url).use { waiting ->
            coroutineScope {
                val heard = async { waiting.attach(id).await() to Instant.now() }
                holder()
                decide(there.url, id)
                val (approval, at) = heard.await()
                println("$id is ${approval.status}: broker ${here.name} said so ${since(approval.decidedAt, at)} after the decision.")
            }
        }
    }

    /** A wait goes on although the broker that held it is killed; returns that one. */
    suspend fun killTheOneThatHolds(): BrokerNode = client(cluster.proxy.url).use { sesame ->
        println("\nAsking for a deploy through the proxy, and killing the broker that holds the wait…")
        nobodyHolds()
        coroutineScope {
            val outcome = async { deployed(sesame) }
            val id = asked("deploys.production")
            val victim = holder()
            victim.kill()
            println("Broker ${victim.name} held it, and was killed with -9.")
            decide(cluster.proxy.url, id)
            println(outcome.await())
            victim
        }
    }

    /** Leaves a question to whoever signs in, and returns after [seconds]; `null` never. */
    suspend fun staysFor(seconds: Long?): Unit = coroutineScope {
        println("\nNow you: open the link above, or stop brokers as you like. Ctrl-C ends all of it.")
        val asking = launch { client(cluster.proxy.url).use { yourTurn(it) } }
        withTimeoutOrNull(seconds?.seconds ?: kotlin.time.Duration.INFINITE) { awaitCancellation() }
        asking.cancel()
    }

    private suspend fun yourTurn(sesame: Sesame) = try {
        sesame.approve("coffee.break", summary = "A coffee break, after all this") { println("You said yes: enjoy it.") }
    } catch (denied: ApprovalDeniedException) {
        println("You said no: ${denied.message}")
    } catch (problem: SesameException) {
        println("Nobody was there to ask: ${problem.message}")
    }

    private suspend fun deployed(sesame: Sesame): String = try {
        sesame.approve("deploys.production", summary = "Deploy 4.2 to production") { approval ->
            "Deployed, once: ${since(approval.decidedAt, Instant.now())} after the decision, by what the other broker said."
        }
    } catch (denied: ApprovalDeniedException) {
        "Nothing was deployed: ${denied.message}"
    }

    private suspend fun decide(url: String, id: String) {
        Approvers(token) { brokerUrl = url }.use { if (saysYes) it.approve(id) else it.deny(id) }
    }

    private suspend fun asked(action: String): String = Approvers(token) { brokerUrl = cluster.proxy.url }.use { people ->
        soon("the question to be there") { people.pending().firstOrNull { it.action == action }?.id }
    }

    /** The broker that holds somebody's feed. */
    private suspend fun holder(): BrokerNode = soon("somebody to wait") { cluster.brokers.firstOrNull { it.feeds() > 0 } }

    private suspend fun nobodyHolds() = soon("the waits to end") { Unit.takeIf { cluster.brokers.all { it.feeds() == 0 } } }

    private fun client(url: String) = Sesame {
        apiKey = key
        brokerUrl = url
    }

    private fun since(decidedAt: Instant?, now: Instant) = "${decidedAt?.let { Duration.between(it, now).toMillis() } ?: "?"} ms"
}

private suspend fun <T : Any> soon(what: String, look: suspend () -> T?): T = withTimeout(60.seconds) {
    generateSequence { Unit }.firstNotNullOf { look() ?: null.also { delay(20.milliseconds) } }
}
