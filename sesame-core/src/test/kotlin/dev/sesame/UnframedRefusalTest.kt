package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.ktor.client.engine.mock.MockEngine
import io.ktor.client.engine.mock.respond
import io.ktor.http.HttpStatusCode
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.seconds

/** A proxy may refuse with nothing but a status, and without a length: that is a refusal at once, and no answer that was cut off. */
class UnframedRefusalTest :
    FunSpec({
        suspend fun refusedWith(status: HttpStatusCode) {
            val sesame = Sesame {
                apiKey = KEY
                brokerUrl = ADDRESS
                engine = MockEngine { respond("", status) }
            }
            sesame.use { withTimeout(10.seconds) { it.approve(ACTION, context = refundContext) { error("the block ran") } } }
        }

        test("401 with nothing else") {
            shouldThrow<SesameAuthException> { refusedWith(HttpStatusCode.Unauthorized) }
        }

        listOf(HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.Found).forEach { status ->
            test("${status.value} with nothing else") {
                shouldThrow<ProtocolException> { refusedWith(status) }
            }
        }
    })
