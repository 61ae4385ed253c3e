package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.TestBroker
import dev.sesame.broker.json
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonObject

/** What a test key asks reaches no person: neither approvers nor admins, by no way. */
class TestModePeopleHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.testing()
        val people = mapOf("an approver" to broker.approver().http, "an admin" to broker.admin)

        people.forEach { (who, http) ->
            val calls = mapOf<String, (String) -> Answer>(
                "read" to { http.get("/v1/approvals/$it") },
                "wait for" to { http.get("/v1/approvals/$it?wait=true&timeout_seconds=1") },
                "approve" to { http.post("/v1/approvals/$it/decision", "decision" to "approve") },
                "deny" to { http.post("/v1/approvals/$it/decision", "decision" to "deny") },
                "cancel" to { http.post("/v1/approvals/$it/cancel") },
                "settle" to { http.post("/v1/approvals/$it/outcome", "outcome" to "succeeded") },
            )

            calls.forEach { (name, call) ->
                test("$who can't $name it: it is as unknown as one that was never asked") {
                    val id = requester.asked()
                    val (told, unknown) = listOf(id, ids.approval()).map(call)
                    withClue(told) {
                        told.status shouldBe unknown.status
                        JsonObject(told.json - "request_id") shouldBe JsonObject(unknown.json - "request_id")
                    }
                    requester.read(id).text("status") shouldBe "pending"
                }
            }

            test("it is in no list of $who, and takes no place in their pages") {
                val live = broker.requester()
                val asked = List(3) {
                    repeat(3) { requester.asked("action" to "people.paged") }
                    live.asked("action" to "people.paged")
                }.reversed()
                http.get("/v1/inbox?action=people.paged&limit=3").ids shouldContainExactly asked.take(3)
                http.get(
                    "/v1/approvals?action=people.paged&limit=100",
                ).ids.intersect(requester.http.get("/v1/approvals?limit=100").ids.toSet()) shouldBe
                    emptySet()
                http.get("/v1/approvals?ids=${requester.asked()}").ids shouldBe emptyList()
            }
        }

        test("it has no page, pending or decided") {
            val unknown = broker.nobody.get("/approvals/${ids.approval()}")
            listOf(requester.asked(), requester.asked("test" to json("decide" to "approve"))).forEach {
                val page = broker.nobody.get("/approvals/$it")
                (page.status to page.text) shouldBe (404 to unknown.text)
            }
        }

        test("it is counted apart from what people answer") {
            TestBroker().use { own ->
                val id = own.testing().let { tester ->
                    tester.asked("test" to json("decide" to "approve")).also { tester.read(it).shouldBeOk() }
                }
                withClue(id) {
                    own.nobody.get("/metrics").text.lines().filter { it.startsWith("sesame_transitions_total{event=\"approved\"") }
                        .joinToString().let {
                            it shouldContain "mode=\"test\"} 1.0"
                            it shouldContain "mode=\"live\"} 0.0"
                        }
                }
            }
        }
    })
