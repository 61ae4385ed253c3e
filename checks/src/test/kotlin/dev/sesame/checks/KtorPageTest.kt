package dev.sesame.checks

import dev.sesame.ExecutionState
import dev.sesame.WebhookSecret
import dev.sesame.WebhookSigner
import dev.sesame.contextOf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.ktor.server.application.Application
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.util.concurrent.CopyOnWriteArrayList

/** Gated routes and webhooks of a Ktor application, against a real broker. */
class KtorPageTest :
    FunSpec({
        val rig = Rig()
        afterSpec { rig.close() }
        val sesame = rig.client()

        test("a gated route deploys once after a yes, however many come at once") {
            val production = Production()
            serving({ gatedExample(sesame, production) { it.request.headers["Person"] } }) { address ->
                val asked = post("$address/deploy/web?env=prod", "v1", "Person" to "kim")
                asked.status shouldBe 202
                val goOn = address + asked.header("Location")
                post(goOn, "v1", "Person" to "kim").status shouldBe 202
                val approval = rig.pending("deploys.production")
                approval.requestedBy shouldBe "kim"

                rig.person.approve(approval.id)
                post(goOn, "v2", "Person" to "kim").body shouldContain "request_mismatch"
                post(goOn, "v1", "Person" to "eve").body shouldContain "request_mismatch"
                val answers = coroutineScope { (1..5).map { async { post(goOn, "v1", "Person" to "kim") } }.awaitAll() }
                answers.map { it.status }.sorted() shouldBe listOf(200, 409, 409, 409, 409)
                eventually { sesame.find(approval.id)?.execution?.takeIf { it.state == ExecutionState.SUCCEEDED } }
                post(goOn, "v1", "Person" to "kim").body shouldContain "already_executed"
            }
            production.deployed shouldContainExactly listOf("web: v1")
        }

        test("a request that waits is answered with the no and its note, and nothing is deployed") {
            val production = Production()
            serving({ gatedExample(sesame, production) { null } }) { address ->
                val goOn = address + post("$address/deploy/db", "v1").header("Location")
                coroutineScope {
                    val waiting = async { post(goOn, "v1", "Prefer" to "wait=20") }
                    rig.person.deny(rig.pending("deploys.production").id, "not on a Friday")
                    waiting.await().status shouldBe 403
                }
                post(goOn, "v1").body shouldContain "not on a Friday"
            }
            production.deployed.shouldBeEmpty()
        }

        test("a killed and restarted broker knows the approval, and the route goes on with it") {
            val production = Production()
            serving({ gatedOptionsExample(sesame, production) }) { address ->
                val asked = post("$address/staging/web", "", "Deploy-Reason" to "ticket #17", "Deploy-Id" to "deploy-17")
                post("$address/staging/web", "", "Deploy-Id" to "deploy-17").header("Location") shouldBe asked.header("Location")
                val approval = rig.pending("deploys.staging")
                approval.reason shouldBe "ticket #17"
                rig.person.approve(approval.id)
                rig.killAndRestart()
                post(address + asked.header("Location"), "").body shouldContain "web: approved by admin"
            }
            production.deployed shouldHaveSize 1
        }

        test("a decision that comes as a webhook runs its handler once, and never on less than the broker's own word") {
            val production = Production()
            val secret = WebhookSecret.random()
            serving({ webhookExample(sesame, secret.reveal(), production) }) { address ->
                val asked = sesame.trigger("deploys.nightly", context = contextOf(Deploy("web", "v3")))
                val body = eventOf(asked.approval)
                val headers = WebhookSigner(secret).headers("msg_${asked.id}", body.toByteArray()).toList() +
                    ("Content-Type" to "application/json")
                post("$address/sesame/webhook", body, *headers.toTypedArray()).status shouldBe 500
                rig.person.approve(asked.id)
                repeat(2) { post("$address/sesame/webhook", body, *headers.toTypedArray()).status shouldBe 204 }
                post("$address/sesame/webhook", "$body ", *headers.toTypedArray()).status shouldBe 401
                sesame.find(asked.id)?.execution?.state shouldBe ExecutionState.SUCCEEDED
            }
            production.deployed shouldContainExactly listOf("web: v3")
        }

        test("a handler of one's own finds the event and the body") {
            val secret = WebhookSecret.random()
            val counted = CopyOnWriteArrayList<String>()
            val remembered = CopyOnWriteArrayList<String>()
            serving({ ownHandlerExample(secret.reveal(), counted::add, remembered::add) }) { address ->
                val body = eventOf(sesame.trigger("deploys.nightly").approval)
                val headers = WebhookSigner(secret).headers("msg_1", body.toByteArray()).toList() + ("Content-Type" to "application/json")
                post("$address/decisions", body, *headers.toTypedArray()).status shouldBe 204
                remembered.single() shouldContain "approved: ${body.length} bytes"
                post("$address/decisions", body, *headers.drop(1).toTypedArray()).status shouldBe 401
            }
            eventually { counted.takeIf { it.size == 2 } } shouldContainExactlyInAnyOrder
                listOf("webhooks.204.handled", "webhooks.401.missing_header")
        }
    })

/** Runs [test] against [module] on [port], or on a free one. */
internal suspend fun serving(module: Application.() -> Unit, port: Int = 0, test: suspend (address: String) -> Unit) {
    val server = embeddedServer(Netty, port = port, host = "127.0.0.1", module = module).startSuspend(wait = false)
    try {
        test("http://127.0.0.1:${server.engine.resolvedConnectors().first().port}")
    } finally {
        server.stopSuspend(gracePeriodMillis = 0, timeoutMillis = 2_000)
    }
}
