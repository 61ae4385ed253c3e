package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.put

private const val INVALID =
    """{"code":"invalid","detail":"summary is too long","errors":[{"field":"summary","message":"at most 500 characters"}]}"""

/** What a broker refuses is not tried again, and has an exception that says what to do. */
class RefusalsTest :
    FunSpec({
        listOf(401 to "unauthorized", 403 to "forbidden").forEach { (status, code) ->
            test("$status ends a wait at once") {
                val http = ScriptedHttp().apply { on(Step.WAIT, { problem(status, code) }) }
                http.refusal().shouldBeInstanceOf<SesameAuthException>().code shouldBe code
                http.sentTo(Step.WAIT) shouldHaveSize 1
                http.sentTo(Step.CLAIM).shouldBeEmpty()
            }

            test("$status of something that isn't the broker says so in the broker's word") {
                val http = ScriptedHttp().apply { on(Step.OPEN, { Reply("<html>secret page</html>", status) }) }
                val problem = http.refusal().shouldBeInstanceOf<SesameAuthException>()
                problem.code shouldBe code
                problem.message!! shouldNotContain "secret page"
                http.sent shouldHaveSize 1
            }
        }

        listOf(400, 413, 415, 422).forEach { status ->
            test("$status names the fields that are at fault") {
                val http = ScriptedHttp().apply { on(Step.OPEN, { Reply(INVALID, status) }) }
                val problem = http.refusal().shouldBeInstanceOf<InvalidRequestException>()
                problem.fields shouldBe mapOf("summary" to "at most 500 characters")
                problem.message shouldBe "summary is too long"
                http.sent shouldHaveSize 1
            }
        }

        test("a dedup key that stands for something else is a conflict, never an attach") {
            val stands = document(context = context { put("amount", 1) }) { put("dedup_key", "refund-1") }
            val http = ScriptedHttp().apply { on(Step.OPEN, { problem(409, "dedup_conflict", mapOf("approval" to stands)) }) }
            http.refusal().shouldBeInstanceOf<DedupConflictException>().dedupKey shouldBe "refund-1"
            http.sent shouldHaveSize 1
        }

        test("a conflict whose answer tells no approval, or one without a key, names the key that was sent") {
            listOf(emptyMap(), mapOf("approval" to document())).forEach { told ->
                val http = ScriptedHttp().apply { on(Step.OPEN, { problem(409, "dedup_conflict", told) }) }
                http.sesame().use { sesame ->
                    shouldThrow<DedupConflictException> { sesame.trigger(ACTION, dedupKey = "refund-1") }.run {
                        dedupKey shouldBe "refund-1"
                        message!! shouldContain "the detail of dedup_conflict"
                    }
                }
            }
        }

        test("an approval that is forgotten during the wait is not found") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { problem(404, "not_found") }) }
            http.refusal().shouldBeInstanceOf<ApprovalNotFoundException>().approvalId shouldBe ID
        }

        test("a lapsed approval says when it lapsed") {
            val http = ScriptedHttp().apply { on(Step.CLAIM, { problem(409, "approval_lapsed", mapOf("approval" to document())) }) }
            http.refusal().shouldBeInstanceOf<ApprovalLapsedException>().validUntil.toString() shouldBe "2026-11-20T13:01:00Z"
        }

        test("an id that can't be one is not sent") {
            val http = ScriptedHttp()
            http.sesame().use { sesame ->
                listOf("", "../admin/keys", "ap_1?wait=true", "ap_1/decision", "ä", "a".repeat(101)).forEach { id ->
                    shouldThrow<ApprovalNotFoundException> { sesame.attach(id) }
                }
            }
            http.sent.shouldBeEmpty()
        }

        test("the key stands in one header, and in no address") {
            val http = ScriptedHttp()
            http.sesame().use { it.approve(ACTION, context = refundContext) { } }
            http.sent.forEach { sent ->
                sent.request.headers["Authorization"] shouldBe "Bearer $KEY"
                sent.request.url.toString() shouldNotContain KEY
            }
            http.sentTo(Step.WAIT).single().query["timeout_seconds"] shouldBe "25"
            http.sentTo(Step.OPEN).single().request.body.contentType.toString() shouldContain "application/json"
        }
    })
