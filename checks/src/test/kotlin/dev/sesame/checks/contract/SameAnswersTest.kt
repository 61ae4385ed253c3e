package dev.sesame.checks.contract

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

/** The fake's answers are the broker's, word for word, but for ids, times, addresses and the names that each gave out. */
class SameAnswersTest :
    FunSpec({
        test("one story told to both: the same statuses, headers and bodies") {
            val real = RealUnderTest().use(::story)
            val fake = FakeUnderTest().use(::story)
            fake.keys shouldBe real.keys
            real.forEach { (step, told) -> withClue(step) { fake[step] shouldBe told } }
        }
    })

private fun story(broker: BrokerUnderTest): Map<String, String> {
    val told = LinkedHashMap<String, String>()
    fun Answer.noted(step: String): Answer = also { told[step] = plain(it) }
    val (live, test) = broker.requester()
    val person = broker.approver()

    val asked = live.ask(
        "dedup_key" to "k",
        "reason" to "why",
        "context" to json("b" to 1, "a" to "ü"),
        "callback_url" to "https://a.example/",
    )
        .noted("asked")
    val id = asked["approval_id"]
    live.ask("dedup_key" to "k", "action" to "other").noted("dedup conflict")
    live.claim(id).noted("claimed too early")
    live.post("/v1/approvals/$id/outcome", "claim_token" to "x", "outcome" to "failed").noted("reported too early")
    person.decide(id, "approve", "note" to "fine").noted("approved")
    person.decide(id, "deny").noted("decided twice")
    live.post("/v1/approvals/$id/cancel").noted("cancelled too late")
    live.claim(id, "context_hash" to "x").noted("another hash")
    val token = live.claim(id).noted("claimed")["claim_token"]
    live.claim(id).noted("claimed twice")
    live.report(id, token, "unknown").noted("unknown")
    live.claim(id).noted("outcome unknown")
    broker.admin.post("/v1/approvals/$id/outcome", "outcome" to "succeeded", "detail" to "looked").noted("settled")
    live.claim(id).noted("executed")
    live.get("/v1/approvals?limit=1&status=approved").noted("listed")
    live.get("/v1/approvals?limit=0&cursor=x&status=x&colour=x").noted("bad query")
    live.post("/v1/approvals", "action" to 1, "summary" to "", "test" to json("decide" to "approve"), "x" to 1).noted("bad request")
    live.ask("callback_url" to "ftp://a.example/").noted("bad scheme")
    live.ask("callback_url" to "https://me:secret@a.example/").noted("bad address")
    live.post("/v1/approvals/$id/claim", "claimant" to "x", "lease_seconds" to 1).noted("bad claim")
    person.decide(id, "perhaps").noted("bad vote")
    live.decide(id, "approve").noted("a key decides")
    person.ask().noted("an approver asks")
    person.claim(id).noted("an approver claims")
    person.post("/v1/approvals/$id/cancel").noted("an approver cancels")
    person.post("/v1/approvals/$id/outcome", "outcome" to "failed").noted("an approver settles")
    broker.nobody.read(id).noted("nobody reads")
    Caller(broker.address, "sk_live_x").read(id).noted("an unknown key")
    Caller(broker.address, "nonsense").read(id).noted("no key at all")
    test.read(id).noted("another mode")
    live.postText("/v1/approvals", "[]").noted("no object")
    live.postText("/v1/approvals", "x".repeat(300_000)).noted("too large")
    live.postText("/v1/approvals", "x", type = "text/plain").noted("no JSON")
    live.get("/v1/nowhere").noted("nowhere")
    live.call("DELETE", "/v1/approvals/$id/claim").noted("no such method")
    test.ask("test" to json("decide" to "deny", "note" to "no")).let { test.read(it["approval_id"]) }.noted("test answer")
    tellQuorum(broker, live, person, told)
    broker.policy("policy.permitted", "policy.denied")
    listOf("policy.permitted", "policy.denied", "policy.else").forEach {
        live.post("/v1/policy/check", "action" to it).noted("checked $it")
        live.ask("action" to it).noted("asked $it")
    }
    live.post("/v1/policy/check", "action" to "", "context" to 1, "risk_score" to 2, "x" to 1).noted("bad check")
    FeedReader(live, after = "nonsense").use { told["foreign cursor"] = "${it.status}" }
    return told
}

private fun tellQuorum(broker: BrokerUnderTest, live: Caller, person: Caller, told: MutableMap<String, String>) {
    fun Answer.noted(step: String): Answer = also { told[step] = plain(it) }
    val second = broker.approver()
    broker.move(person, "board")
    val open = live.ask("context" to json("cents" to 5), "editable" to listOf("cents"), "groups" to listOf("board")).noted("open to edits")
    second.decide(open["approval_id"], "approve").noted("not in the group")
    person.decide(open["approval_id"], "approve", "context" to json("cents" to "5")).noted("of another kind")
    person.decide(open["approval_id"], "approve", "context" to json("cents" to 5, "more" to 1)).noted("a field more")
    person.post("/v1/approvals/${open["approval_id"]}/extend", "expires_in" to 604_801).noted("too far")
    person.decide(open["approval_id"], "approve", "context" to json("cents" to 4)).noted("edited")
    live.ask("groups" to listOf("nobody's")).noted("no such group")
    live.ask("groups" to listOf("board"), "approvals_required" to 2).noted("too many")
    val two = live.ask("approvals_required" to 2).noted("two")["approval_id"]
    person.decide(two, "approve").noted("the first of two")
    second.decide(two, "approve").noted("the second")
    val own = broker.requesterOwnedBy(second).asked()
    second.decide(own, "approve").noted("their own")
}

/** Without what differs between any two brokers. */
private fun plain(answer: Answer): String {
    val headers = listOf("Content-Type", "Cache-Control", "Allow", "WWW-Authenticate", "Retry-After").map {
        answer.header(it)?.substringBefore(';')
    }
    return "$headers $answer"
        .replace(Regex("(ap|pe|req|rq)_[a-z2-7]{26}"), "$1_id")
        .replace(Regex("""\d{4}-\d\d-\d\dT[0-9:.]+Z"""), "time")
        .replace(Regex("https?://[a-z0-9.:-]+/approvals/"), "address/approvals/")
        .replace(Regex("ct_[A-Za-z0-9_-]+"), "ct_token")
        .replace(Regex("(requester|person) \\d+"), "$1")
        .replace(Regex("sha256:[0-9a-f]{64}"), "hash")
        .replace(Regex("\"next_cursor\":\"[^\"]+\""), "cursor")
}
