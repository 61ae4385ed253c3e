package dev.sesame.broker.http

import dev.sesame.broker.BrokerConfig
import dev.sesame.broker.BrokerDirectory
import dev.sesame.broker.Callable
import dev.sesame.broker.Http
import dev.sesame.broker.Limits
import dev.sesame.broker.MovableClock
import dev.sesame.broker.Wiring
import dev.sesame.broker.access.Role
import dev.sesame.broker.access.Site
import dev.sesame.broker.store.random
import dev.sesame.broker.store.sqlite.SqliteDatabase
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.routing.getAllRoutes
import io.ktor.server.routing.routing
import kotlinx.coroutines.runBlocking
import java.nio.file.Files

/** A broker whose inside a test may reach: its routes, its clock, and what no call can bring about yet. */
internal class WiredBroker :
    Callable(),
    AutoCloseable {
    val clock = MovableClock()
    private val dataDir = BrokerDirectory.take(Files.createTempDirectory("sesame-wired"))
    private val database = SqliteDatabase(dataDir.database)
    private val wiring = Wiring(BrokerConfig(publicUrl = "http://127.0.0.1"), dataDir, clock, random, database)
    private val server = embeddedServer(Netty, port = 0, host = "127.0.0.1") { wiring.install(this, Limits()) }.start(wait = false)
    override val url = "http://127.0.0.1:${runBlocking { server.engine.resolvedConnectors().single().port }}"
    override val admin = Http(url, runBlocking { wiring.register.addApprover("admin", Role.ADMIN)!!.second.clear })

    /** Method and path of each route, such as `GET /healthz`. */
    val routes: List<String>
        get() = server.application.routing { }.getAllRoutes().map { route ->
            val (path, method) = checkNotNull(routeName.matchEntire(route.toString())) { "$route is no method at a path" }.destructured
            "$method $path"
        }

    /** A requester behind whom that approver stands. */
    fun requesterOwnedBy(approverId: String): Http {
        runBlocking { wiring.register.addRequester("owned", approverId) }
        return Http(url, admin.post("/v1/admin/keys", "requester" to "owned").text("key"))
    }

    /** As if that were where people reach it. */
    fun reachedAt(url: String) {
        wiring.site = Site(url)
    }

    /** As when the broker begins to stop. */
    fun beginToStop() {
        runBlocking { wiring.endHeldCalls() }
    }

    /** As when the disk has [pages] left for the database, which takes what is over where that is `null`. */
    fun leaveRoom(pages: Int?) = runBlocking {
        database.write { handle ->
            fun number(sql: String) = handle.createQuery(sql).mapTo(Int::class.javaObjectType).one()
            number("PRAGMA max_page_count = " + (pages?.let { number("PRAGMA page_count") + it } ?: Int.MAX_VALUE))
        }
    }

    /** As when something has been at the database behind the broker's back. */
    fun tamper(sql: String) = runBlocking { database.write { it.execute(sql) } }

    override fun close() {
        server.stop(0, 2_000)
        wiring.close()
        dataDir.close()
    }

    private companion object {
        val routeName = Regex("""(/.*?)/?\(method:(\w+)\)""")
    }
}
