package dev.sesame.ktor

import dev.sesame.WebhookSecret
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpMethod
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.request.receiveText
import io.ktor.server.response.respondText
import io.ktor.server.routing.RoutingContext
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.route
import io.ktor.server.routing.routing

/** Genuine webhooks, on every engine. */
class WebhooksTest :
    FunSpec({
        Engine.entries.forEach { engine ->
            test("a genuine webhook runs its handler once, however often it comes, on $engine") {
                val receiver = Receiver()
                engine.serving(receiver.module) { site ->
                    val body = receiver.approved()
                    site.deliver(body).bare() shouldBe 204
                    site.deliver(body).bare() shouldBe 204
                    site.deliver(body, signed(body, id = "msg_2")).bare() shouldBe 204
                }
                receiver.ran shouldHaveSize 1
                receiver.ran.single().effectiveContext shouldBe deployContext
                receiver.broker.outcomes shouldContainExactly listOf("succeeded")
                receiver.hears("204 handled", "204 repeated", "204 repeated")
            }

            test("a handler's exception is a 500 that says nothing, on $engine") {
                val receiver = Receiver().apply { failsWith = IllegalStateException("with the secret of the house") }
                engine.serving(receiver.module) { site -> site.deliver(receiver.approved()).bare() shouldBe 500 }
                receiver.broker.outcomes shouldContainExactly listOf("unknown")
                receiver.hears("500 failed")
            }

            test("a handler of one's own finds the event, and receives the body as usual, on $engine") {
                val receiver = Receiver()
                val received = mutableListOf<String>()
                engine.serving(
                    receiver.ownHandler {
                        received += "${call.webhookEvent} ${call.receiveText()}"
                        call.respondText("thanks")
                    },
                ) { site ->
                    val body = eventBody()
                    site.deliver(body).bodyAsText() shouldBe "thanks"
                    received.single() shouldBe "WebhookEvent(ap_${"a".repeat(26)}, $ACTION, approved) ${body.decodeToString()}"
                    site.deliver(body, signed(body).minus("webhook-id")).bare() shouldBe 401
                    received shouldHaveSize 1
                }
                receiver.hears("200 handled", "401 missing_header")
            }
        }

        test("a handler of one's own that says nothing is a 204, one that throws a 500, one that refuses has its way") {
            val receiver = Receiver()
            suspend fun answerOf(handler: suspend RoutingContext.() -> Unit): Int {
                var status = 0
                Engine.TEST_HOST.serving(receiver.ownHandler(handler)) { status = it.deliver(eventBody()).status.value }
                return status
            }
            answerOf { } shouldBe 204
            answerOf { error("no") } shouldBe 500
            answerOf { call.respondText("later", status = HttpStatusCode.TooManyRequests) } shouldBe 429
            receiver.hears("204 handled", "500 failed", "429 failed")
        }

        test("a no runs the handler for it, and nothing else; an end without a handler is received") {
            val receiver = Receiver()
            Engine.TEST_HOST.serving(receiver.module) { site ->
                site.deliver(eventBody(status = "denied")).bare() shouldBe 204
                site.deliver(eventBody(status = "expired"), signed(eventBody(status = "expired"), "msg_2")).bare() shouldBe 204
            }
            receiver.denied.single().note shouldBe "as agreed"
            receiver.ran.shouldBeEmpty()
        }

        test("what another call runs just now is to come again, and so is an action that nobody handles") {
            val receiver = Receiver().apply { broker.refusesClaims = 409 to "already_claimed" }
            Engine.TEST_HOST.serving(receiver.module) { site ->
                site.deliver(receiver.approved()).bare() shouldBe 503
                receiver.broker.refusesClaims = null
                site.deliver(receiver.approved("deploys.renamed")).bare() shouldBe 500
            }
            receiver.ran.shouldBeEmpty()
            receiver.hears("503 under_way", "500 failed")
        }

        test("the broker's word counts: a genuine webhook about what it doesn't say is approved runs nothing") {
            val receiver = Receiver()
            Engine.TEST_HOST.serving(receiver.module) { site ->
                val pending = receiver.broker.sesame.trigger(ACTION, context = deployContext)
                site.deliver(eventBody(pending.id)).bare() shouldBe 500
                receiver.broker.isDown = true
                site.deliver(eventBody(pending.id)).bare() shouldBe 500
            }
            receiver.ran.shouldBeEmpty()
        }

        test("while secrets rotate, either one counts") {
            val next = WebhookSecret.random()
            val receiver = Receiver { secret(next) }
            Engine.TEST_HOST.serving(receiver.module) { site ->
                val body = receiver.approved()
                site.deliver(body, signed(body, secret = next)).bare() shouldBe 204
                site.deliver(body).bare() shouldBe 204
                site.deliver(body, signed(body, secret = WebhookSecret.random())).bare() shouldBe 401
            }
        }

        test("a listener that throws changes nothing") {
            val receiver = Receiver { onAnswer { error("no metrics today") } }
            Engine.TEST_HOST.serving(receiver.module) { site -> site.deliver(receiver.approved()).bare() shouldBe 204 }
            receiver.ran shouldHaveSize 1
        }

        test("installed for a whole application, it stands before every route, and each still receives its body") {
            val receiver = Receiver()
            Engine.TEST_HOST.serving({
                install(SesameWebhooks) { with(receiver) { settings() } }
                routing { post(PATH) { call.respondText(call.receiveText()) } }
            }) { site ->
                site.deliver(eventBody()).bodyAsText() shouldBe eventBody().decodeToString()
                site.deliver(eventBody(), emptyMap()).bare() shouldBe 401
            }
        }

        test("only POST is received; what else is at that path stays as it is") {
            val receiver = Receiver()
            Engine.TEST_HOST.serving({
                receiver.module(this)
                routing { get(PATH) { call.respondText("here") } }
            }) { site ->
                site.send(PATH, HttpMethod.Get).bodyAsText() shouldBe "here"
                site.send(PATH).bare() shouldBe 415
            }
        }

        test("a receiver without secret, without handlers, or with a limit that is none doesn't start") {
            suspend fun starting(configure: SesameWebhooksConfig.() -> Unit) = shouldThrow<RuntimeException> {
                Engine.TEST_HOST.serving({ routing { sesameWebhook(PATH, configure) } }) { }
            }.message!!
            val broker = BrokerInMemory()
            starting { handlers(broker.sesame) { } } shouldContain "1 to 10 webhook secrets"
            starting { secret(null as String?) } shouldContain "SESAME_WEBHOOK_SECRET"
            starting { secret("whsec_none") } shouldContain "webhook secret"
            starting { secret(SECRET) } shouldContain "handlers"
            starting { secret(SECRET).also { maxBodyBytes = 0 }.also { handlers(broker.sesame) { } } } shouldContain "maxBodyBytes"
        }

        test("no text of the configuration shows the secret") {
            var text = ""
            Engine.TEST_HOST.serving(Receiver { text = "$this" }.module) { }
            text shouldBe "SesameWebhooksConfig(1 secrets)"
        }
    })

private fun Receiver.ownHandler(handler: suspend RoutingContext.() -> Unit): Application.() -> Unit = {
    routing {
        route(PATH) {
            install(SesameWebhooks) { settings() }
            post(handler)
        }
    }
}
