package dev.sesame

import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.future.await
import kotlinx.coroutines.isActive
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** Closes the client while one of its waits is held; the wait must end as closed, in a coroutine that goes on. */
private suspend fun closesDuringWait(sesame: Sesame, held: suspend () -> Unit) = withContext(Dispatchers.Default) {
    withTimeout(10.seconds) {
        val wait = async {
            shouldThrow<SesameClosedException> { sesame.approve(ACTION, context = refundContext) { error("never") } }
            currentCoroutineContext().isActive
        }
        held()
        sesame.close()
        wait.await() shouldBe true
    }
}

private val verbs: Map<String, suspend (Sesame) -> Unit> = mapOf(
    "approve" to { sesame -> sesame.approve(ACTION) { error("never") } },
    "trigger" to { sesame -> sesame.trigger(ACTION) },
    "attach" to { sesame -> sesame.attach(ID) },
    "find" to { sesame -> sesame.find(ID) },
    "approvals" to { sesame -> sesame.approvals().toList() },
)

private val handleVerbs: Map<String, suspend (PendingApproval) -> Unit> = mapOf(
    "await" to { pending -> pending.await() },
    "poll" to { pending -> pending.poll() },
    "poll for a second" to { pending -> pending.poll(1.seconds) },
    "run" to { pending -> pending.run { error("never") } },
    "cancel" to { pending -> pending.cancel() },
)

class CloseTest :
    FunSpec({
        test("closing ends a wait as closed, not as cancelled, with an engine of the client's own") {
            HeldServer().use { server ->
                val sesame = Sesame {
                    apiKey = KEY
                    brokerUrl = server.url
                }
                closesDuringWait(sesame) { server.held.await() }
            }
        }

        test("closing ends a wait as closed, not as cancelled, with the caller's engine, which stays open") {
            val http = ScriptedHttp()
            val held = CompletableDeferred<Unit>()
            http.on(Step.WAIT, { held.complete(Unit).let { awaitCancellation() } })
            closesDuringWait(http.sesame()) { held.await() }
            http.leavesNothing()
            http.on(Step.WAIT, { Reply(document()) })
            http.sesame().use { it.approve(ACTION, context = refundContext) { "ran" } } shouldBe "ran"
        }

        test("closing ends the pause before another try") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { Reply("", 503, mapOf("Retry-After" to "60")) }) }
            closesDuringWait(http.sesame()) { eventually(5.seconds) { http.sentTo(Step.WAIT) shouldHaveSize 1 } }
        }

        test("a thousand waits of one client all end") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { awaitCancellation() }) }
            val sesame = http.sesame()
            val pending = sesame.trigger(ACTION, context = refundContext)
            withContext(Dispatchers.Default) {
                val waits = List(1_000) { async { shouldThrow<SesameClosedException> { pending.await() } } }
                eventually(5.seconds) { http.sentTo(Step.WAIT) shouldHaveSize 1_000 }
                sesame.close()
                withTimeout(5.seconds) { waits.forEach { it.await() } }
            }
            http.leavesNothing()
        }

        verbs.forEach { (name, verb) ->
            test("$name of a closed client says that it is closed, and sends nothing") {
                val http = ScriptedHttp()
                val sesame = http.sesame().apply { close() }
                shouldThrow<SesameClosedException> { verb(sesame) }
                http.sent shouldHaveSize 0
            }
        }

        test("nothing goes out by a client of the JDK's after it was closed, and none is made for it") {
            RawServer { error("nothing is to come") }.use { server ->
                val sesame = Sesame {
                    apiKey = KEY
                    brokerUrl = server.url
                }
                sesame.close()
                verbs.values.forEach { verb -> shouldThrow<SesameClosedException> { verb(sesame) } }
                server.connections shouldBe 0
            }
        }

        handleVerbs.forEach { (name, verb) ->
            test("so does $name of a handle that it gave") {
                val http = ScriptedHttp()
                val pending = http.sesame().use { it.trigger(ACTION) }
                shouldThrow<SesameClosedException> { verb(pending) }
                http.sent shouldHaveSize 1
            }
        }

        test("so do the verbs of approvers") {
            val http = ScriptedHttp()
            val approvers = Approvers(TOKEN) {
                brokerUrl = ADDRESS
                engine = http.engine
            }
            approvers.close()
            shouldThrow<SesameClosedException> { approvers.approve(ID) }
            shouldThrow<SesameClosedException> { approvers.pending().toList() }
            http.sent shouldHaveSize 0
        }

        test("another client goes on") {
            val http = ScriptedHttp()
            val sesame = http.sesame()
            http.sesame().close()
            sesame.use { it.approve(ACTION, context = refundContext) { "ran" } } shouldBe "ran"
        }

        test("closing twice is fine") {
            val sesame = ScriptedHttp().sesame()
            sesame.close()
            sesame.close()
        }

        test("a client that never did anything can be closed, with an engine of its own") {
            Sesame {
                apiKey = KEY
                brokerUrl = ADDRESS
                retryFor = Duration.ZERO
            }.close()
        }
    })
