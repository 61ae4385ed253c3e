package dev.sesame.samples.deploy

import dev.sesame.Sesame
import dev.sesame.SesameException
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import kotlinx.coroutines.awaitCancellation
import kotlin.system.exitProcess

/**
 * Serves on `PORT` (0 takes a free one). Without one, or with `--once`, it then deploys something by way of its own gated route, as a caller
 * would, and ends.
 */
internal suspend fun main(args: Array<String>) {
    try {
        Sesame().use { sesame -> serve(sesame, System.getenv("PORT")?.toInt(), "--once" in args) }
    } catch (problem: SesameException) {
        System.err.println("deploy: ${problem.message}")
        exitProcess(1)
    }
}

private suspend fun serve(sesame: Sesame, port: Int?, once: Boolean) {
    val server = embeddedServer(Netty, port = port ?: 0, host = "127.0.0.1") {
        deploys(sesame, System.getenv("SESAME_WEBHOOK_SECRET"), Fleet())
    }
    server.startSuspend(wait = false)
    val address = "http://127.0.0.1:${server.engine.resolvedConnectors().first().port}"
    println("Serving on $address")
    if (port != null && !once) awaitCancellation()
    DeployRound(address).run()
    server.stopSuspend(gracePeriodMillis = 0, timeoutMillis = 1_000)
}
