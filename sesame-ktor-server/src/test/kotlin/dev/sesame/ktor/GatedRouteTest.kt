package dev.sesame.ktor

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.ktor.client.request.header
import io.ktor.client.request.setBody
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject

/** The way from a question to the handler, on every engine. */
class GatedRouteTest :
    FunSpec({
        Engine.entries.forEach { engine ->
            test("a request without an approval only asks, and says where to go on, on $engine") {
                val deploys = Deploys()
                engine.serving(deploys.module) { site ->
                    val answer = site.deploy("/deploy/web?env=prod")
                    answer.status shouldBe HttpStatusCode.Accepted
                    val told = answer.json()
                    told.text("status") shouldBe "pending"
                    told.text("approval_url") shouldContain told.text("approval_id")
                    answer.headers[HttpHeaders.Location] shouldBe "/deploy/web?env=prod&approval=${told.text("approval_id")}"
                }
                deploys.received.shouldBeEmpty()
                deploys.broker.claimed shouldBe 0
            }

            test("what people approve is the whole request, but not its body, on $engine") {
                val deploys = Deploys()
                engine.serving(deploys.module) { it.deploy("/deploy/web%20app?env=prod&tag=a&tag=b", body = "secret stuff") }
                val asked = deploys.broker.asked.single()
                asked.text("summary") shouldBe "POST /deploy/web%20app by kim"
                asked.text("requested_by") shouldBe "kim"
                val context = asked.getValue("context").jsonObject
                context.text("method") shouldBe "POST"
                context.text("route") shouldBe "/deploy/{name}"
                context.text("path") shouldBe "/deploy/web%20app"
                context.text("principal") shouldBe "kim"
                context.text("body_sha256") shouldBe sha256("secret stuff")
                context.getValue("parameters").jsonObject shouldBe mapOf("name" to JsonPrimitive("web app"))
                context.getValue("query").jsonObject shouldBe
                    mapOf("env" to JsonPrimitive("prod"), "tag" to JsonArray(listOf(JsonPrimitive("a"), JsonPrimitive("b"))))
                asked.toString().contains("secret stuff") shouldBe false
            }

            test("the same request with the approval reaches the handler once, with its body, on $engine") {
                val deploys = Deploys()
                engine.serving(deploys.module) { site ->
                    val location = site.asked()
                    site.deploy(location).status shouldBe HttpStatusCode.Accepted
                    deploys.received.shouldBeEmpty()

                    deploys.broker.approve(idIn(location))
                    val done = site.deploy(location)
                    done.status shouldBe HttpStatusCode.OK
                    done.bodyAsText() shouldBe "deployed web with ${idIn(location)}"

                    deploys.broker.reports("succeeded")
                    val again = site.deploy(location)
                    again.status shouldBe HttpStatusCode.Conflict
                    again.code() shouldBe "already_executed"
                }
                deploys.received shouldContainExactly listOf(BODY)
                deploys.broker.reports("succeeded")
            }

            test("ten of the same request at once reach the handler once, on $engine") {
                val deploys = Deploys()
                engine.serving(deploys.module) { site ->
                    val location = site.asked().also { deploys.broker.approve(idIn(it)) }
                    val statuses = coroutineScope { (1..10).map { async { site.deploy(location).status.value } }.awaitAll() }
                    statuses.sorted() shouldBe listOf(200) + List(9) { 409 }
                }
                deploys.received.size shouldBe 1
            }

            test("a request that prefers to wait is answered as soon as it is decided, on $engine") {
                val deploys = Deploys()
                engine.serving(deploys.module) { site ->
                    val location = site.asked()
                    coroutineScope {
                        val waiting = async { site.deploy(location) { header("Prefer", "wait=20") } }
                        deploys.broker.approve(idIn(location))
                        waiting.await().status shouldBe HttpStatusCode.OK
                    }
                }
                deploys.received.size shouldBe 1
            }

            test("a wait is bounded by the caller and by the route, on $engine") {
                val deploys = Deploys()
                engine.serving(deploys.module) { site ->
                    val location = site.asked()
                    val waited = site.deploy(location) { header("Prefer", "respond-async, wait=1") }
                    waited.status shouldBe HttpStatusCode.Accepted
                    waited.headers["Preference-Applied"] shouldBe "wait=1"
                    site.deploy(location) { header("Prefer", "wait=99999") }.headers["Preference-Applied"] shouldBe "wait=2"
                    site.deploy(location) { header("Prefer", "wait=soon") }.headers["Preference-Applied"] shouldBe null
                }
            }

            test("a handler that receives nothing, and a request without a body, are as good, on $engine") {
                val deploys = Deploys()
                engine.serving(deploys.module) { site ->
                    val location = site.send("/restart/web").headers[HttpHeaders.Location]!!
                    deploys.broker.approve(idIn(location))
                    site.send(location).bodyAsText() shouldBe "restarted"
                    site.send("/restart/web") { setBody("x") }.status shouldBe HttpStatusCode.Accepted
                }
                deploys.broker.contexts.map { it.text("body_sha256") } shouldContainExactly listOf(sha256(""), sha256("x"))
            }
        }
    })
