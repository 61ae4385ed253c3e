package dev.sesame.ktor

import dev.sesame.context
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.ktor.client.request.header
import io.ktor.client.statement.HttpResponse
import io.ktor.http.HttpHeaders
import io.ktor.http.contentType
import io.ktor.server.routing.Route
import io.ktor.server.routing.header
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import kotlinx.serialization.json.put
import io.ktor.http.ContentType as Type

/** Whatever isn't the approved request, once, after a yes, doesn't reach the handler. */
class GatedRefusalsTest :
    FunSpec({
        /** Approves one request, sends what [resend] sends instead, and looks that nothing ran. */
        suspend fun refusedAfterYes(deploys: Deploys = Deploys(), resend: suspend (Site, id: String) -> HttpResponse): Pair<Int, String> {
            var refusal: Pair<Int, String>? = null
            Engine.TEST_HOST.serving(deploys.module) { site ->
                val id = idIn(site.asked("/deploy/web?env=prod"))
                deploys.broker.approve(id)
                val answer = resend(site, id)
                answer.headers[HttpHeaders.ContentType] shouldBe "application/problem+json"
                answer.headers[HttpHeaders.CacheControl] shouldBe "no-store"
                refusal = answer.status.value to answer.code()
            }
            deploys.received.shouldBeEmpty()
            deploys.broker.claimed shouldBe 0
            return refusal!!
        }

        mapOf<String, suspend (Site, String) -> HttpResponse>(
            "another principal" to { site, id -> site.deploy("/deploy/web?env=prod&approval=$id", person = "eve") },
            "no principal" to { site, id -> site.send("/deploy/web?env=prod&approval=$id") },
            "another path" to { site, id -> site.deploy("/deploy/db?env=prod&approval=$id") },
            "another route" to { site, id -> site.deploy("/restart/web?env=prod&approval=$id") },
            "another value in the query" to { site, id -> site.deploy("/deploy/web?env=test&approval=$id") },
            "one value more in the query" to { site, id -> site.deploy("/deploy/web?env=prod&env=test&approval=$id") },
            "one parameter more in the query" to { site, id -> site.deploy("/deploy/web?env=prod&force=1&approval=$id") },
            "one parameter less in the query" to { site, id -> site.deploy("/deploy/web?approval=$id") },
            "a body that differs in a byte" to
                { site, id -> site.deploy("/deploy/web?env=prod&approval=$id", body = BODY.replace('3', '4')) },
            "no body" to { site, id -> site.deploy("/deploy/web?env=prod&approval=$id", body = "") },
            "another content type" to
                { site, id -> site.deploy("/deploy/web?env=prod&approval=$id") { contentType(Type.Application.FormUrlEncoded) } },
            "another content encoding" to
                { site, id -> site.deploy("/deploy/web?env=prod&approval=$id") { header(HttpHeaders.ContentEncoding, "gzip") } },
        ).forEach { (name, resend) ->
            test("an approval doesn't let $name pass") {
                refusedAfterYes(resend = resend) shouldBe (409 to "request_mismatch")
            }
        }

        test("an approval that an approver edited is for no request") {
            val deploys = Deploys()
            refusedAfterYes(deploys) { site, id ->
                deploys.broker.approve(id, edited = context { put("path", "/deploy/db") })
                site.deploy("/deploy/web?env=prod&approval=$id")
            } shouldBe (409 to "request_mismatch")
        }

        test("an approval doesn't let another handler at the same path be reached, which a header chooses") {
            val deploys = Deploys { deploys ->
                fun Route.mode(name: String) = header("Mode", name) { post("/run") { deploys.received += name } }
                routing { with(deploys) { gate { listOf("dry", "real").forEach { mode(it) } } } }
            }
            Engine.TEST_HOST.serving(deploys.module) { site ->
                val location = site.asked("/run") { header("Mode", "dry") }.also { deploys.broker.approve(idIn(it)) }
                site.deploy(location) { header("Mode", "real") }.code() shouldBe "request_mismatch"
                deploys.received.shouldBeEmpty()
                site.deploy(location) { header("Mode", "dry") }
            }
            deploys.received shouldContainExactly listOf("dry")
        }

        test("an approval of another action, asked by this same client, doesn't let pass") {
            val deploys = Deploys { deploys ->
                routing { with(deploys) { gate("deploys.staging") { post("/staging") { error("never") } } } }
            }
            refusedAfterYes(deploys) { site, id -> site.deploy("/staging?approval=$id") } shouldBe (409 to "request_mismatch")
        }

        listOf("ap_", "ap_1", "1", "AP_" + "a".repeat(26), "ap_" + "a".repeat(27), "ap_" + "a".repeat(25) + "%2F", "").forEach { id ->
            test("an approval called '$id' is none, and nothing is asked for it") {
                val deploys = Deploys()
                refusedAfterYes(deploys) { site, _ -> site.deploy("/deploy/web?env=prod&approval=$id") } shouldBe (404 to "not_found")
                deploys.broker.asked.size shouldBe 1
            }
        }

        test("somebody else's approval is as unknown as one that never was") {
            refusedAfterYes { site, _ -> site.deploy("/deploy/web?env=prod&approval=ap_${"q".repeat(26)}") } shouldBe (404 to "not_found")
        }

        test("two approvals are one too many, be they the same") {
            refusedAfterYes { site, id -> site.deploy("/deploy/web?env=prod&approval=$id&approval=$id") } shouldBe (400 to "invalid")
        }

        test("a no is told with its note, and stays a no") {
            val deploys = Deploys()
            Engine.TEST_HOST.serving(deploys.module) { site ->
                val location = site.asked()
                deploys.broker.decide(idIn(location), "denied", note = "not on a Friday")
                repeat(2) {
                    val answer = site.deploy(location)
                    answer.status.value shouldBe 403
                    val told = answer.json()
                    told.text("note") shouldBe "not on a Friday"
                    told.text("detail") shouldContain "not on a Friday"
                    told.text("approval_id") shouldBe idIn(location)
                }
            }
            deploys.received.shouldBeEmpty()
        }

        mapOf(
            "expired" to (410 to "expired"),
            "cancelled" to (410 to "cancelled"),
            "postponed" to (202 to ""),
        ).forEach { (status, answer) ->
            test("an approval that is $status doesn't let pass: ${answer.first}") {
                val deploys = Deploys()
                Engine.TEST_HOST.serving(deploys.module) { site ->
                    val location = site.asked()
                    deploys.broker.decide(idIn(location), status)
                    val told = site.deploy(location)
                    told.status.value shouldBe answer.first
                    if (answer.first != 202) told.code() shouldBe answer.second
                }
                deploys.received.shouldBeEmpty()
                deploys.broker.claimed shouldBe 0
            }
        }

        listOf("already_claimed", "already_executed", "outcome_unknown", "approval_lapsed").forEach { code ->
            test("a claim that the broker refuses as $code is a conflict") {
                val deploys = Deploys().apply { broker.refusesClaims = 409 to code }
                refusedAfterYes(deploys) { site, id -> site.deploy("/deploy/web?env=prod&approval=$id") } shouldBe (409 to code)
            }
        }

        listOf(503 to "unavailable", 401 to "unauthorized", 409 to "who_knows").forEach { (status, code) ->
            test("a claim that is answered with $status $code is for later, and the caller isn't told why") {
                val deploys = Deploys().apply { broker.refusesClaims = status to code }
                refusedAfterYes(deploys) { site, id ->
                    site.deploy("/deploy/web?env=prod&approval=$id").also { answer ->
                        answer.headers[HttpHeaders.RetryAfter]!!.toInt() shouldBeGreaterThan 0
                        answer.json().text("detail") shouldBe "approvals can't be asked or checked now"
                    }
                } shouldBe (503 to "unavailable")
            }
        }

        test("a broker that hands out no claims can't keep one approval to one run, so nothing runs") {
            val deploys = Deploys().apply { broker.handsOutClaims = false }
            refusedAfterYes(deploys) { site, id -> site.deploy("/deploy/web?env=prod&approval=$id") } shouldBe (503 to "unavailable")
            refusedAfterYes(deploys) { site, id ->
                deploys.broker.decide(id, "denied")
                site.deploy("/deploy/web?env=prod&approval=$id")
            } shouldBe (403 to "denied")
        }

        test("without a broker nothing is asked and nothing runs, and it says when to come again") {
            val deploys = Deploys()
            refusedAfterYes(deploys) { site, id ->
                deploys.broker.isDown = true
                site.deploy().code() shouldBe "unavailable"
                site.deploy("/deploy/web?env=prod&approval=$id").also { it.headers[HttpHeaders.RetryAfter] shouldBe "5" }
            } shouldBe (503 to "unavailable")
        }

        test("a dedup key finds the same approval, and never stands for another request") {
            val deploys = Deploys()
            Engine.TEST_HOST.serving(deploys.module) { site ->
                val first = site.asked { header("Dedup-Key", "deploy-17") }
                site.asked { header("Dedup-Key", "deploy-17") } shouldBe first
                site.deploy("/deploy/db") { header("Dedup-Key", "deploy-17") }.code() shouldBe "dedup_conflict"
            }
            deploys.received.shouldBeEmpty()
        }
    })
