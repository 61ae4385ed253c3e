package dev.sesame.broker.http

import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import io.ktor.http.HttpHeaders
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.createApplicationPlugin
import io.ktor.server.response.header
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update

/** Counts the calls that are being answered: the engine closes every connection as soon as it is told to stop, whatever its grace. */
internal class CallsInFlight(private val closing: Deferred<Unit>) {
    private val count = MutableStateFlow(0)

    fun install(application: Application) {
        application.intercept(ApplicationCallPipeline.Setup) {
            count.update { it + 1 }
            try {
                proceed()
            } finally {
                count.update { it - 1 }
            }
        }
    }

    /** Refuses what comes once the broker stops. Each call was counted before it looks, so that none slips in between. */
    val refusingWhileStopping = createApplicationPlugin("RefusingWhileStopping") {
        onCall { call ->
            if (!closing.isCompleted) return@onCall
            call.response.header(HttpHeaders.Connection, "close")
            throw Problem(ProblemCode.UNAVAILABLE, "the broker is stopping", retryAfterSeconds = 1)
        }
    }

    /** How many there are, those that are held among them. */
    val now: Int get() = count.value

    /** Returns when none is left. */
    suspend fun awaitNone() {
        count.first { it == 0 }
    }
}
