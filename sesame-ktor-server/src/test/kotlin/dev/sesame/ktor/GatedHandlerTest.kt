package dev.sesame.ktor

import dev.sesame.ApprovalDeniedException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.ktor.client.request.basicAuth
import io.ktor.client.request.header
import io.ktor.client.request.setBody
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpMethod
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.createApplicationPlugin
import io.ktor.server.application.hooks.ReceiveRequestBytes
import io.ktor.server.application.install
import io.ktor.server.auth.Authentication
import io.ktor.server.auth.UserIdPrincipal
import io.ktor.server.auth.authenticate
import io.ktor.server.auth.basic
import io.ktor.server.auth.principal
import io.ktor.server.plugins.doublereceive.DoubleReceive
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.request.receiveText
import io.ktor.server.response.respond
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import io.ktor.util.GZip
import java.io.ByteArrayOutputStream
import java.util.zip.GZIPOutputStream

/** What the handler is in between: it reports what became of it, and sees the request as if nobody had looked at it before. */
class GatedHandlerTest :
    FunSpec({
        fun Deploys.behindGate(build: Route.() -> Unit): Application.() -> Unit = { routing { gate(build = build) } }

        /** Asks, approves, and sends it again. */
        suspend fun Site.approved(deploys: Deploys, path: String) =
            asked(path).let { location -> deploys.broker.approve(idIn(location)).let { deploy(location) } }

        Engine.entries.forEach { engine ->
            test("an exception of the handler goes on as it is, and the outcome is unknown, on $engine") {
                val deploys = Deploys()
                val module = deploys.behindGate { post("/fails") { throw IllegalStateException("half done") } }
                engine.serving({
                    install(StatusPages) { exception<IllegalStateException> { call, cause -> call.respondText("seen: ${cause.message}") } }
                    module()
                }) { it.approved(deploys, "/fails").bodyAsText() shouldBe "seen: half done" }
                deploys.broker.reports("unknown")
            }

            test("without anyone to catch it, it is a 500, on $engine") {
                val deploys = Deploys()
                engine.serving(deploys.behindGate { post("/fails") { throw Failed() } }) { site ->
                    site.approved(deploys, "/fails").status shouldBe HttpStatusCode.InternalServerError
                }
                deploys.broker.reports("unknown")
            }
        }

        test("an answer of 5xx is an unknown outcome too, one of 4xx is the handler's word") {
            val deploys = Deploys()
            val module = deploys.behindGate {
                post("/broken") { call.respond(HttpStatusCode.BadGateway) }
                post("/none") { call.respond(HttpStatusCode.NotFound) }
            }
            Engine.TEST_HOST.serving(module) { site ->
                site.approved(deploys, "/broken").status shouldBe HttpStatusCode.BadGateway
                site.approved(deploys, "/none").status shouldBe HttpStatusCode.NotFound
            }
            deploys.broker.reports("unknown", "succeeded")
        }

        test("a refusal of another question that the handler asks is the handler's own, not the gate's") {
            val deploys = Deploys()
            val module = deploys.behindGate {
                post("/nested") {
                    val asked = deploys.broker.sesame.trigger("nested")
                    deploys.broker.decide(asked.id, "denied")
                    shouldThrow<ApprovalDeniedException> { asked.run { } }.let { throw it }
                }
            }
            Engine.TEST_HOST.serving(module) { it.approved(deploys, "/nested").status shouldBe HttpStatusCode.InternalServerError }
            deploys.broker.reports("unknown")
        }

        test("the principal is asked for after authentication") {
            val deploys = Deploys()
            val module: Application.() -> Unit = {
                install(Authentication) { basic { validate { if (it.password == "right") UserIdPrincipal(it.name) else null } } }
                routing {
                    authenticate {
                        gated(deploys.broker.sesame, ACTION, principal = { it.principal<UserIdPrincipal>()?.name }) {
                            post("/deploy") { call.respondText("deployed") }
                        }
                    }
                }
            }
            Engine.TEST_HOST.serving(module) { site ->
                site.send("/deploy") { basicAuth("ana", "wrong") }.status shouldBe HttpStatusCode.Unauthorized
                val location = site.send("/deploy") { basicAuth("ana", "right") }.headers[HttpHeaders.Location]!!
                deploys.broker.approve(idIn(location))
                site.send(location) { basicAuth("eve", "right") }.code() shouldBe "request_mismatch"
                site.send(location) { basicAuth("ana", "right") }.bodyAsText() shouldBe "deployed"
            }
            deploys.broker.asked.single().text("requested_by") shouldBe "ana"
        }

        test("a compressed body is approved as it came, and received as it is meant") {
            val deploys = Deploys { install(unzipping) }
            Engine.TEST_HOST.serving(deploys.module) { site ->
                val send: suspend (String) -> HttpResponse = { path ->
                    site.send(path) {
                        header("Person", "kim")
                        header(HttpHeaders.ContentEncoding, "gzip")
                        setBody(gzip(BODY))
                    }
                }
                val location = send("/deploy/web").headers[HttpHeaders.Location]!!
                deploys.broker.approve(idIn(location))
                send(location).status shouldBe HttpStatusCode.OK
            }
            deploys.received shouldContainExactly listOf(BODY)
        }

        test("with DoubleReceive the body can be received twice, without it once, as anywhere") {
            val deploys = Deploys()
            val twice: Route.() -> Unit = { post("/twice") { call.respondText(call.receiveText() + call.receiveText()) } }
            Engine.TEST_HOST.serving({
                install(DoubleReceive)
                deploys.behindGate(twice)()
            }) { it.approved(deploys, "/twice").bodyAsText() shouldBe BODY + BODY }
            Engine.TEST_HOST.serving(deploys.behindGate(twice)) {
                it.approved(deploys, "/twice").status shouldBe HttpStatusCode.InternalServerError
            }
        }

        test("routes beside the gate are as they were, and a path behind it is resolved as without it") {
            val deploys = Deploys { deploys ->
                routing {
                    get("/open") { call.respondText("open") }
                    with(deploys) { gate("fixed") { post("/fixed") { error("never") } } }
                    route("/deploy") { get("/list") { call.respondText("all") } }
                }
            }
            Engine.TEST_HOST.serving(deploys.module) { site ->
                site.send("/open", HttpMethod.Get).bodyAsText() shouldBe "open"
                site.send("/deploy/list", HttpMethod.Get).bodyAsText() shouldBe "all"
                site.send("/nowhere").status shouldBe HttpStatusCode.NotFound
                site.send("/fixed", HttpMethod.Get).status shouldBe HttpStatusCode.MethodNotAllowed
            }
            deploys.broker.asked.size shouldBe 0
        }

        test("a gate within a gate is refused when the application starts") {
            val deploys = Deploys()
            val module = deploys.behindGate { route("/a") { with(deploys) { gate("inner") { post("/b") { } } } } }
            shouldThrow<IllegalArgumentException> { Engine.TEST_HOST.serving(module) { } }.message!! shouldContain "inner"
        }
    })

private class Failed : RuntimeException()

/** As the plugins do that decode bodies for all routes. */
private val unzipping = createApplicationPlugin("Unzipping") {
    on(ReceiveRequestBytes) { call, body ->
        if (call.request.headers[HttpHeaders.ContentEncoding] == "gzip") GZip.decode(body, call.coroutineContext) else body
    }
}

private fun gzip(text: String): ByteArray = ByteArrayOutputStream().also { bytes ->
    GZIPOutputStream(bytes).use { it.write(text.toByteArray()) }
}.toByteArray()
