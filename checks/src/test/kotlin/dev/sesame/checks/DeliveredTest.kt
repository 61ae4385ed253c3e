package dev.sesame.checks

import dev.sesame.Execution
import dev.sesame.ExecutionState
import dev.sesame.WebhookSecret
import dev.sesame.contextOf
import dev.sesame.ktor.WebhookAnswer
import dev.sesame.ktor.sesameWebhook
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.ktor.server.application.Application
import io.ktor.server.routing.routing
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.CopyOnWriteArrayList

/** The whole way: asked with a callback URL, decided by a person, sent by the broker's own sender, received and run in a Ktor application. */
class DeliveredTest :
    FunSpec({
        val secret = WebhookSecret.random()
        val rig = Rig(mapOf("SESAME_WEBHOOK_ALLOW" to "127.0.0.0/8", "SESAME_WEBHOOK_SECRET" to secret.reveal()))
        afterSpec { rig.close() }
        val sesame = rig.client()
        val other = rig.client()
        val ran = CopyOnWriteArrayList<String>()
        val answers = CopyOnWriteArrayList<WebhookAnswer>()

        val receiver: Application.() -> Unit = {
            routing {
                sesameWebhook {
                    secret(secret)
                    onAnswer { answers += it }
                    handlers(other) {
                        on("refund") { ran += "run ${it.approvalId}" }
                        onDenied { ran += "no ${it.note}" }
                    }
                }
            }
        }

        suspend fun ask(address: String) =
            sesame.trigger("refund", context = contextOf(Payment("ana", 42)), callbackUrl = "$address/sesame/webhook").id

        fun send(request: HttpRequest.Builder): String {
            val call = request.header("Authorization", "Bearer ${rig.broker.adminToken}").build()
            return HttpClient.newHttpClient().use { it.send(call, BodyHandlers.ofString()) }.also { it.statusCode() shouldBe 200 }.body()
        }

        fun deliveryOf(approvalId: String): String {
            val page = send(HttpRequest.newBuilder(URI("${rig.broker.address}/v1/admin/deliveries?approval_id=$approvalId")))
            return Json.parseToJsonElement(
                page,
            ).jsonObject.getValue("deliveries").jsonArray.single().jsonObject.getValue("id").jsonPrimitive.content
        }

        beforeTest {
            ran.clear()
            answers.clear()
        }

        test("an approved request runs in the application that its webhook reaches, once, also when it is sent again") {
            serving(receiver) { address ->
                val id = ask(address)
                rig.person.approve(id)
                eventually<Execution> { sesame.find(id)?.execution?.takeIf { it.state == ExecutionState.SUCCEEDED } }
                eventually { answers.firstOrNull() }.outcome shouldBe "handled"
                val again = "${rig.broker.address}/v1/admin/deliveries/${deliveryOf(id)}/redeliver"
                send(HttpRequest.newBuilder(URI(again)).POST(HttpRequest.BodyPublishers.noBody()))
                eventually { answers.getOrNull(1) }.outcome shouldBe "repeated"
                ran shouldContainExactly listOf("run $id")
            }
        }

        test("a receiver that was down when it was decided, and a broker that was killed then, lose nothing") {
            var port = 0
            serving(receiver) { port = URI(it).port }
            val id = ask("http://127.0.0.1:$port")
            rig.person.approve(id)
            rig.killAndRestart()
            ran.shouldBeEmpty()
            serving(receiver, port) {
                eventually<Execution> { sesame.find(id)?.execution?.takeIf { it.state == ExecutionState.SUCCEEDED } }
            }
            ran shouldContainExactly listOf("run $id")
        }

        test("a no is told with its note") {
            serving(receiver) { address ->
                rig.person.deny(ask(address), "not today")
                eventually { ran.firstOrNull() } shouldBe "no not today"
            }
        }
    })
