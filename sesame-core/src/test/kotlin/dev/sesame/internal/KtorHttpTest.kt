package dev.sesame.internal

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.ktor.client.engine.mock.MockEngine
import io.ktor.client.engine.mock.respond
import kotlinx.coroutines.awaitCancellation
import java.net.http.HttpTimeoutException
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What a program's own Ktor engine makes of an answer that goes on and on. */
class KtorHttpTest :
    FunSpec({
        val call = HttpCall("GET", "http://broker.invalid/v1/decisions", emptyMap())

        test("one whose head never comes ends with its time") {
            MockEngine { awaitCancellation() }.use { engine ->
                shouldThrow<HttpTimeoutException> { KtorHttp(engine).stream(call, 100.milliseconds) { error("there is no head") } }
            }
        }

        test("one whose head came is read to its end") {
            MockEngine { respond("data: told") }.use { engine ->
                KtorHttp(engine).stream(call, 10.seconds) { stream ->
                    stream.status shouldBe 200
                    stream.next()!!.decodeToString() shouldBe "data: told"
                    stream.next() shouldBe null
                }
            }
        }

        test("what a caller's code throws while it reads is what it gets") {
            MockEngine { respond("data: told") }.use { engine ->
                shouldThrow<IllegalStateException> { KtorHttp(engine).stream(call, 10.seconds) { error("mine") } }.message shouldBe "mine"
            }
        }
    })
