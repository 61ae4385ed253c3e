package dev.sesame.broker.http

import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCallPipeline
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update

/** Counts the calls that are being answered: the engine closes every connection as soon as it is told to stop, whatever its grace. */
internal class CallsInFlight {
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

    /** Returns when none is left. */
    suspend fun awaitNone() {
        count.first { it == 0 }
    }
}
