package dev.sesame.broker.among

import dev.sesame.ApprovalRequest
import dev.sesame.Sesame
import dev.sesame.broker.BrokerProcess
import dev.sesame.broker.Http
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.store.postgres.Brokers
import dev.sesame.broker.store.postgres.PostgresIsHere
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** Two brokers behind a proxy, each stopped and started again while the other serves. */
@EnabledIf(PostgresIsHere::class)
class RollingRestartTest :
    FunSpec({
        test("hundreds of waits, by feed and by long polls, and callers beside them, see nothing of it") {
            val brokers = autoClose(Brokers())
            val (one, other) = List(2) { brokers.process() }
            val balancer = autoClose(Balancer(listOf(one.ready(), other.ready())))
            val admin = Http(balancer.url, brokers.environment.getValue("SESAME_BOOTSTRAP_APPROVER_TOKEN"))
            val key = admin.post("/v1/admin/keys", "requester" to "rolling").text("key")!!
            val clients = listOf(false, true).map { polls ->
                autoClose(
                    Sesame {
                        apiKey = key
                        brokerUrl = balancer.url
                        longPollOnly = polls
                    },
                )
            }
            coroutineScope {
                val waits = List(WAITS) { n -> async { clients[n % 2].approve("rolling.wait") { n } } }
                val caller = Http(balancer.url, key)
                fun page(after: String) = caller.get("/v1/approvals?status=pending&action=rolling.wait&limit=100$after")
                fun asked() = generateSequence(page("")) { it.text("next_cursor")?.let { cursor -> page("&cursor=$cursor") } }
                    .flatMap { it.ids }.toList()
                withContext(Dispatchers.IO) { awaitThat("all to be asked", 60) { asked().size == WAITS } }

                var calls = 0
                val load = launch {
                    while (isActive) {
                        val asked = clients[0].trigger(ApprovalRequest("rolling.load", "load"))
                        asked.poll()
                        asked.cancel()
                        calls++
                    }
                }
                withContext(Dispatchers.IO) {
                    val first = restart(one, brokers).also { balancer.lead(listOf(it.ready(), other.ready())) }
                    val second = restart(other, brokers)
                    balancer.lead(listOf(first.ready(), second.ready()))
                }
                load.cancelAndJoin()
                calls shouldBeGreaterThan 20
                withContext(Dispatchers.IO) {
                    asked().chunked(100).map { some ->
                        async { some.forEach { admin.post("/v1/approvals/$it/decision", "decision" to "approve").status shouldBe 200 } }
                    }.awaitAll()
                }
                waits.awaitAll().sum() shouldBe WAITS * (WAITS - 1) / 2
            }
        }
    })

/** SIGTERM, and another one in its place once it has exited. */
private fun restart(broker: BrokerProcess, brokers: Brokers): BrokerProcess {
    broker.stop()
    broker.exitCode(10) shouldBe 0
    return brokers.process()
}

private fun Brokers.process() = startProcess("SESAME_LIMIT_OPENS_PER_SECOND" to "2000", "SESAME_LIMIT_OPEN_BURST" to "2000")

private const val WAITS = 400
