package dev.sesame.ktor

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.ktor.client.request.header
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.response.respond
import io.ktor.server.routing.post
import io.ktor.server.routing.routing

/** What the policy decides at once is answered at once. */
class GatedPolicyTest :
    FunSpec({
        Engine.entries.forEach { engine ->
            test("a request that the policy permits reaches the handler at once, under a claim, on $engine") {
                val deploys = Deploys().apply { broker.policy = "approved" to "small ones" }
                engine.serving(deploys.module) { site ->
                    val answer = site.deploy()
                    answer.status.value shouldBe 200
                    answer.bodyAsText().startsWith("deployed web with ap_") shouldBe true
                    answer.headers[HttpHeaders.Location] shouldBe null
                    // The answer comes out before the block has ended; a server that stops in between cuts it off.
                    deploys.broker.reports("succeeded")
                }
                deploys.received shouldContainExactly listOf(BODY)
                deploys.broker.claimed shouldBe 1
            }
        }

        test("a request that the policy denies is refused at once, with the policy's reason, and stays refused") {
            val deploys = Deploys().apply { broker.policy = "denied" to "not on a Friday" }
            Engine.TEST_HOST.serving(deploys.module) { site ->
                val answer = site.deploy()
                answer.status.value shouldBe 403
                val told = answer.json()
                told.text("code") shouldBe "denied"
                told.text("detail") shouldBe "the policy said no: not on a Friday"
                told.text("note") shouldBe "not on a Friday"
                site.deploy("/deploy/web?approval=${told.text("approval_id")}").status.value shouldBe 403
            }
            deploys.received.shouldBeEmpty()
            deploys.broker.claimed shouldBe 0
        }

        test("a dedup key that was permitted once runs once, however often the request is sent") {
            val deploys = Deploys().apply { broker.policy = "approved" to "small ones" }
            Engine.TEST_HOST.serving(deploys.module) { site ->
                site.deploy { header("Dedup-Key", "deploy-17") }.status.value shouldBe 200
                deploys.broker.reports("succeeded")
                site.deploy { header("Dedup-Key", "deploy-17") }.code() shouldBe "already_executed"
            }
            deploys.received shouldContainExactly listOf(BODY)
        }

        test("a dedup key that people approved is no permit: without the approval's id it is told where to go on") {
            val deploys = Deploys()
            Engine.TEST_HOST.serving(deploys.module) { site ->
                val location = site.asked { header("Dedup-Key", "deploy-17") }
                deploys.broker.approve(idIn(location))
                site.deploy { header("Dedup-Key", "deploy-17") }.status.value shouldBe 202
            }
            deploys.received.shouldBeEmpty()
        }

        test("what a broker without claims permits is not run: each repetition would run it again") {
            val deploys = Deploys().apply {
                broker.policy = "approved" to "small ones"
                broker.handsOutClaims = false
            }
            Engine.TEST_HOST.serving(deploys.module) { it.deploy().code() shouldBe "unavailable" }
            deploys.received.shouldBeEmpty()
        }

        test("a handler's failure after a permit is its own, and its outcome unknown") {
            val deploys = Deploys { deploys ->
                routing { with(deploys) { gate { post("/fail") { call.respond(HttpStatusCode.InternalServerError) } } } }
            }
                .apply { broker.policy = "approved" to "small ones" }
            Engine.TEST_HOST.serving(deploys.module) { it.deploy("/fail").status.value shouldBe 500 }
            deploys.broker.reports("unknown")
        }
    })
