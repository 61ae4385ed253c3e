package dev.sesame.broker.notice.telegram

import dev.sesame.broker.Answer
import dev.sesame.broker.Approving
import dev.sesame.broker.BrokerConfig
import dev.sesame.broker.BrokerDirectory
import dev.sesame.broker.Callable
import dev.sesame.broker.Http
import dev.sesame.broker.Limits
import dev.sesame.broker.MovableClock
import dev.sesame.broker.Wiring
import dev.sesame.broker.access.Role
import dev.sesame.broker.access.Secret
import dev.sesame.broker.access.Site
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.store.Linked
import dev.sesame.broker.store.random
import dev.sesame.broker.store.sql.SqlTelegramStore
import dev.sesame.broker.store.sqlite.SqliteDatabase
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
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
import java.nio.file.Path
import java.util.concurrent.atomic.AtomicLong

/** All of the broker with its workers, on a clock that tests move, beside a Telegram of their own. */
internal class TelegramBroker(
    val telegram: BotApiServer = BotApiServer(),
    val clock: MovableClock = MovableClock(),
    val path: Path = temporaryDirectory(),
    publicUrl: String? = "https://sesame.example",
    byWebhook: Boolean = false,
) : Callable(),
    AutoCloseable {
    private val dataDir = BrokerDirectory.take(path)
    private val config = BrokerConfig(
        publicUrl = publicUrl,
        telegram = TelegramConfig(BotToken(BotApiServer.TOKEN), telegram.url, byWebhook),
    )
    private val database = SqliteDatabase(dataDir.database)
    private val wiring = Wiring(config, dataDir, clock, random, database)
    private val server = embeddedServer(Netty, port = 0, host = "127.0.0.1") { wiring.install(this, Limits()) }.start(wait = false)
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    override val url = "http://127.0.0.1:${runBlocking { server.engine.resolvedConnectors().single().port }}".also {
        if (publicUrl == null) wiring.site = Site(it)
    }
    override val admin =
        Http(url, runBlocking { wiring.register.addApprover("admin ${accounts.incrementAndGet()}", Role.ADMIN)!!.second.clear })

    init {
        if (publicUrl == null) wiring.site = Site(url)
        wiring.workers.start(scope)
    }

    /** A code that links an account to the approver. */
    fun codeFor(approver: Approving): String = admin.post("/v1/admin/approvers/${approver.id}/link-telegram").let {
        withClue(it) { it.status shouldBe 201 }
        it.text("code")!!
    }

    /** An approver with a Telegram account, to which nothing was sent yet: what is sent first needs to keep no distance. */
    fun linked(role: String = "approver"): LinkedApprover {
        val approver = approver(role)
        val account = accounts.incrementAndGet()
        val code = Secret(codeFor(approver)).hash
        val store = SqlTelegramStore(database, TelegramChannel.NAME)
        runBlocking { store.link(code, "$account", clock.instant(), LinkTelegram.MOST_LINKED) }.shouldBeInstanceOf<Linked.Done>()
        return LinkedApprover(approver, account)
    }

    /** What was owed about the request, to everybody or to [who]. */
    fun notices(approvalId: String, who: LinkedApprover? = null): List<JsonObject> = admin.get("/v1/approvals/$approvalId/notices").also {
        it.shouldBeOk()
    }.list("notices")
        .filter { who == null || (it.getValue("approver") as JsonObject).word("id") == who.approver.id }

    fun awaitNotice(
        approvalId: String,
        kind: String,
        state: String,
        who: LinkedApprover,
        isSo: (JsonObject) -> Boolean = { true },
    ): JsonObject {
        fun JsonObject.isIt() = word("kind") == kind && word("state") == state && isSo(this)
        var seen: List<JsonObject> = emptyList()
        awaitThat("$kind is $state: $seen") {
            seen = notices(approvalId, who)
            seen.any { it.isIt() }
        }
        return seen.first { it.isIt() }
    }

    fun awaitStatus(approvalId: String, status: String): Answer {
        awaitThat("$approvalId is $status") { admin.get("/v1/approvals/$approvalId").text("status") == status }
        return admin.get("/v1/approvals/$approvalId")
    }

    /** Stops, and starts anew on the same data beside the same Telegram. */
    fun restarted(): TelegramBroker {
        close()
        return TelegramBroker(telegram, clock, path)
    }

    override fun close() {
        runBlocking { scope.coroutineContext.job.cancelAndJoin() }
        server.stop(0, 2_000)
        wiring.close()
        dataDir.close()
    }

    companion object {
        private val accounts = AtomicLong(40_000)

        /** An account that nobody has yet. */
        fun newAccount(): Long = accounts.incrementAndGet()
    }
}

internal class LinkedApprover(val approver: Approving, val account: Long)

internal fun JsonObject.word(name: String): String? = (get(name) as? JsonPrimitive)?.takeIf { it.isString }?.content
