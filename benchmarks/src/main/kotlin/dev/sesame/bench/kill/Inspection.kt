package dev.sesame.bench.kill

import dev.sesame.bench.PlainHttp
import dev.sesame.bench.Reply
import dev.sesame.bench.text
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** Holds what the broker tells after a restart against what it had acknowledged. */
internal class Inspection(private val requester: PlainHttp, private val ledger: Ledger) {
    /** Reads [cases] again and says what is missing or altered; what was in doubt goes on from there. Returns how many there were. */
    fun inspect(cases: List<Case>): Int {
        cases.filter { it.id == null && !it.bySdk }.forEach(::askAgain)
        val known = cases.filter { it.id != null }
        known.chunked(PAGE).forEach(::compare)
        ledger.dropReported()
        known.filter { it.isInDoubt }.forEach {
            it.isInDoubt = false
            ledger.queue(it)
        }
        return known.size
    }

    /** Whether it was opened can't be known: sent again, the same key must find it, or open it, once. */
    private fun askAgain(case: Case) {
        val reply = requester.post("/v1/approvals", case.question())
        if (reply !is Reply.Done) {
            broken(case, "could not be asked again: $reply")
            return
        }
        case.requestHash = reply.body.text("request_hash")
        case.id = reply.body.text("approval_id")
        case.acknowledge(reply.body)
        if (listed("dedup_key=${case.dedupKey}").size != 1) broken(case, "was asked twice")
    }

    private fun compare(page: List<Case>) {
        val found = listed("ids=" + page.joinToString(",") { it.id.orEmpty() }).associateBy { it.text("approval_id") }
        for (case in page) {
            val document = found[case.id]
            if (document == null) {
                broken(case, "was acknowledged and is gone")
                continue
            }
            case.complaints(document).forEach { broken(case, it) }
            case.acknowledge(document)
            resend(case)
        }
    }

    /** What was acknowledged must also still be usable: the token of a claim reports, a report sent again is accepted. */
    private fun resend(case: Case) {
        if (case.bySdk) return
        if (case.stage == Case.CLAIMED) claimAgain(case)
        val report =
            case.report?.takeIf { case.stage == "approved/${it.text("outcome")}" && it.text("claim_token") == case.token } ?: return
        if (requester.post(case.path("outcome"), report) !is Reply.Done) broken(case, "a report sent again was refused")
    }

    /** The claimant who was granted it gets the very same token; where the grant was in doubt, exactly one of those who asked has it. */
    private fun claimAgain(case: Case) {
        val granted = case.claimants.mapNotNull { claimant ->
            (requester.post(case.path("claim"), case.claimBody(claimant)) as? Reply.Done)?.body?.text("claim_token")
        }
        if (granted.size != 1) return broken(case, "is claimed, and ${granted.size} of ${case.claimants.size} claimants hold it")
        if (case.token != null && case.token !in granted) broken(case, "has another token than the acknowledged one")
        case.token = granted.single()
        val reply = requester.post(case.path("outcome"), case.reportBody("succeeded"))
        if (reply !is Reply.Done) return broken(case, "an acknowledged claim can't report any more")
        case.report = case.reportBody("succeeded")
        ledger.acknowledged(Act.OUTCOME, case, reply.body)
    }

    private fun listed(query: String): List<JsonObject> = when (val reply = requester.get("/v1/approvals?limit=100&$query")) {
        is Reply.Done -> (reply.body["approvals"] as? JsonArray)?.jsonArray?.map { it.jsonObject }.orEmpty()

        else -> {
            ledger.broken += "the restarted broker doesn't answer GET /v1/approvals"
            emptyList()
        }
    }

    private fun broken(case: Case, what: String) {
        ledger.broken += "$case $what"
    }

    private companion object {
        const val PAGE = 100
    }
}
