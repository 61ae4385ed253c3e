package dev.sesame.broker.notice.push

import dev.sesame.broker.Approving
import dev.sesame.broker.BrokerConfig
import dev.sesame.broker.BrokerDirectory
import dev.sesame.broker.Browser
import dev.sesame.broker.Callable
import dev.sesame.broker.Http
import dev.sesame.broker.Limits
import dev.sesame.broker.MovableClock
import dev.sesame.broker.Wiring
import dev.sesame.broker.access.Role
import dev.sesame.broker.access.Site
import dev.sesame.broker.browser
import dev.sesame.broker.delivery.Received
import dev.sesame.broker.delivery.Receiver
import dev.sesame.broker.delivery.Reply
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.store.ids
import dev.sesame.broker.store.random
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import java.nio.file.Path

/** All of the broker with its workers, on a clock that tests move, beside a push service of their own. */
internal class PushBroker(
    push: PushConfig = PushConfig(contact = CONTACT, allow = "127.0.0.0/8"),
    val service: Receiver = Receiver { Reply(201) },
    val clock: MovableClock = MovableClock(),
    private val path: Path = temporaryDirectory(),
) : Callable(),
    AutoCloseable {
    private val dataDir = BrokerDirectory.take(path)
    private val wiring = Wiring(BrokerConfig(push = push), dataDir, clock, random)
    private val server = embeddedServer(Netty, port = 0, host = "127.0.0.1") { wiring.install(this, Limits()) }.start(wait = false)
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    override val url = "http://127.0.0.1:${runBlocking { server.engine.resolvedConnectors().single().port }}"
    override val admin =
        Http(url, runBlocking { wiring.register.addApprover("admin ${ids.bare()}", Role.ADMIN)!!.second.clear })

    init {
        wiring.site = Site(url)
        wiring.workers.start(scope)
    }

    val serviceUrl: String get() = service.url.removeSuffix("/hook")

    /** A browser in which [approver] is signed in and turned notices on. */
    fun device(approver: Approving = approver(), agent: UserAgent = UserAgent.at(serviceUrl)): PushedDevice =
        PushedDevice(this, approver, browser(approver), agent).also { it.turnOn() }

    /** What was owed about the request, to everybody or to [who]. */
    fun notices(approvalId: String, who: Approving? = null): List<JsonObject> =
        admin.get("/v1/approvals/$approvalId/notices").shouldBeOk().list("notices")
            .filter { who == null || (it.getValue("approver") as JsonObject).word("id") == who.id }

    fun awaitNotice(approvalId: String, kind: String, state: String, who: Approving? = null): JsonObject {
        var seen: List<JsonObject> = emptyList()
        awaitThat("$kind is $state: $seen") {
            seen = notices(approvalId, who)
            seen.any { it.word("kind") == kind && it.word("state") == state }
        }
        return seen.first { it.word("kind") == kind && it.word("state") == state }
    }

    /** Stops, and starts anew on the same data beside the same push service. */
    fun restarted(): PushBroker {
        close()
        return PushBroker(service = service, clock = clock, path = path)
    }

    override fun close() {
        runBlocking { scope.coroutineContext.job.cancelAndJoin() }
        server.stop(0, 2_000)
        wiring.close()
        dataDir.close()
    }

    companion object {
        const val CONTACT = "mailto:ops@example.com"
    }
}

/** A person's browser with notices on, and what its push service was given for it. */
internal class PushedDevice(private val broker: PushBroker, val approver: Approving, val browser: Browser, val agent: UserAgent) {
    lateinit var id: String

    /** As its page does; the answer is the device's id. */
    fun turnOn() {
        browser.get("/sessions")
        id = browser.post("/devices", *agent.fields()).also { withClue(it) { it.status shouldBe 200 } }.text
    }

    val received: List<Received> get() = broker.service.received.filter { it.path == agent.path }

    /** The messages, decrypted, once there are [count]. */
    fun await(count: Int = 1): List<JsonObject> {
        awaitThat("$count messages for $id; there are ${received.size}") { received.size >= count }
        return received.map(agent::read)
    }
}

internal fun JsonObject.word(name: String): String? = (get(name) as? JsonPrimitive)?.contentOrNull
