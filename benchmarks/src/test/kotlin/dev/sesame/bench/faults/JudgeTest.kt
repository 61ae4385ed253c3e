package dev.sesame.bench.faults

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

private val asked = mapOf("id" to "ap_1", "request_hash" to "sha256:1")
private val approved = asked + mapOf("key" to "k", "status" to "approved", "decided_at" to "T1", "by" to "kim", "execution" to "succeeded")
private val denied = approved + mapOf("status" to "denied", "by" to "ben") - "execution"

private fun line(said: Said, call: String, facts: Map<String, String> = mapOf("id" to "ap_1")) = Line(said, call, "k", facts)

private fun came(status: String, webhookId: String = "w1") =
    line(Said.CAME, "webhook", mapOf("id" to "ap_1", "status" to status, "webhook_id" to webhookId))

private val opened = listOf(line(Said.ASKS, "open", emptyMap()), line(Said.DONE, "open", asked + ("status" to "pending")))
private val saidYes = listOf(line(Said.ASKS, "approve"), line(Said.DONE, "approve", approved - "key" - "execution"))
private val ran = listOf(Said.BEGUN, Said.ENDED, Said.RETURNED).map { line(it, "approve { }") }
private val kept = opened + saidYes + ran + came("approved")

private fun judged(lines: List<Line>, document: Map<String, String>? = approved) =
    Judge(lines, document?.let { mapOf("ap_1" to it) }.orEmpty()).broken()

/** The judge itself: a history in which a promise is broken is found broken, whichever it is. */
class JudgeTest :
    FunSpec({
        mapOf(
            "a run that a person approved" to (kept to approved),
            "a webhook that came twice under one id" to (kept + came("approved") to approved),
            "a call without an answer that did what it asked" to
                (
                    opened + line(Said.ASKS, "approve") + line(Said.UNANSWERED, "approve", emptyMap()) + came("approved") to
                        approved - "execution"
                    ),
            "a report that was given up, and said to be" to
                (kept + line(Said.UNREPORTED, "approve { }") to approved + ("execution" to "unknown")),
            "a later answer that was refused" to (kept + line(Said.REFUSED, "deny", mapOf("code" to "already_decided")) to approved),
        ).forEach { (what, history) ->
            test("kept: $what") { judged(history.first, history.second).shouldBeEmpty() }
        }

        mapOf(
            "an approval that is gone" to (kept to null) to "it is gone",
            "an acknowledged decision that never was" to
                (opened + saidYes to approved - "decided_at" - "by" + ("status" to "pending")) to
                "LOST: approve was acknowledged with status approved",
            "an acknowledged decision that became another" to (kept to denied) to
                "DOUBLE DECISION: approve was acknowledged with status approved",
            "another time of a decision" to (kept to approved + ("decided_at" to "T2")) to "with decided_at T1, and it is T2",
            "another question than was asked" to (kept to approved + ("request_hash" to "sha256:2")) to "request_hash sha256:1",
            "two acknowledged votes" to (kept + line(Said.DONE, "deny", approved) to approved) to "DOUBLE DECISION: 2 were acknowledged",
            "a decision that nobody made" to (opened + came("denied") to denied) to "nobody asked for that",
            "an expiry long before its time" to
                (kept.filter { it.said != Said.CAME } + came("expired") to denied + ("status" to "expired")) to
                "is expired, and nobody asked",
            "a webhook that never came" to (kept.dropLast(1) to approved) to "LOST: its webhook never came",
            "a webhook that told something else" to (kept + came("denied") to approved) to "DOUBLE DECISION: a webhook told",
            "one webhook under two ids" to (kept + came("approved", "w2") to approved) to "under several ids",
            "a webhook that nobody signed" to (kept + line(Said.FORGED, "webhook", emptyMap()) to approved) to "can't be trusted",
            "a double run" to (kept + line(Said.BEGUN, "approve { }") to approved) to "DOUBLE RUN: its block began 2 times",
            "a run of what was denied" to (opened + ran + came("denied") to denied) to "RAN WITHOUT APPROVAL: it is denied",
            "a run before anybody said yes" to (opened + ran + saidYes + came("approved") to approved) to
                "RAN WITHOUT APPROVAL: nobody had said yes",
            "a call that returned and whose block never ended" to (kept.filter { it.said != Said.ENDED } to approved) to
                "its block ended 0 times",
            "a reported run that shows as unknown" to (kept to approved + ("execution" to "unknown")) to "LOST: its run returned",
            "a caller who was told of another end" to
                (kept + line(Said.THREW, "approve { }", mapOf("id" to "ap_1", "exception" to "ApprovalDeniedException")) to approved) to
                "DOUBLE DECISION: a call was told denied",
            "an exception that no call should see" to
                (kept + line(Said.THREW, "approve { }", mapOf("exception" to "ProtocolException")) to approved) to
                "ended with ProtocolException",
            "a refusal that makes no sense" to (kept + line(Said.REFUSED, "open", mapOf("code" to "dedup_conflict")) to approved) to
                "dedup_conflict",
        ).forEach { (case, told) ->
            test("broken: ${case.first}") { judged(case.second.first, case.second.second).joinToString("\n") shouldContain told }
        }

        test("a key that stands for two questions is found, and one whose first was taken back is well") {
            val other = approved + ("id" to "ap_2")
            Judge(kept, mapOf("ap_1" to approved, "ap_2" to other)).broken() shouldBe listOf("k was asked twice: ap_1, ap_2")
            Judge(kept, mapOf("ap_1" to approved, "ap_2" to other + ("status" to "cancelled"))).broken() shouldHaveSize 0
        }
    })
