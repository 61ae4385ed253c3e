package dev.sesame.testing.internal

import dev.sesame.rules.Command
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.notFound
import dev.sesame.rules.readClaim
import dev.sesame.rules.readExtend
import dev.sesame.rules.readRedact
import dev.sesame.rules.readReport
import dev.sesame.rules.readVote
import dev.sesame.rules.toJson
import dev.sesame.rules.toProblem
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Decide, put off the expiry, claim the right to run, report what became of it. */
internal class RunCalls(private val access: Access, private val desk: Desk) {
    private val store = desk.store

    fun decide(call: HttpCall, id: String): HttpAnswer {
        val caller = access.approver(call)
        val voted = readVote(call.jsonBody())
        val via = if (call.header("User-Agent").orEmpty().startsWith("sesame-cli")) "cli" else "api"
        // Who isn't asked is told so, and no more.
        return desk.answer(desk.vote(known(id), caller.member, voted.answer, via, voted.note, voted.context) { it.isForPeople })
    }

    fun extend(call: HttpCall, id: String): HttpAnswer {
        val caller = access.approver(call)
        val expiresIn = readExtend(call.jsonBody())
        return desk.answer(desk.extend(known(id), caller.member, expiresIn) { it.isForPeople })
    }

    fun redact(call: HttpCall, id: String): HttpAnswer {
        val caller = access.approver(call)
        if (!caller.member.isAdmin) throw Problem(ProblemCode.FORBIDDEN, "this call is for admins")
        val fields = readRedact(call.jsonBody())
        return desk.answer(store.judge(known(id), caller::mayRead) { Command.Redact(fields, caller.member.person.id) })
    }

    fun claim(call: HttpCall, id: String): HttpAnswer {
        val caller = access.requester(call)
        val command = readClaim(call.jsonBody())
        val verdict = store.judge(known(id), caller::mayRead) { command } ?: throw notFound()
        val approval = desk.document(verdict.record)
        verdict.refusal?.let { throw it.toProblem(approval) }
        val claim = checkNotNull(verdict.record.progress.claim) { "granted, but nobody holds it" }
        val granted = mapOf(
            "claim_token" to JsonPrimitive(desk.token(verdict.record)),
            "lease_until" to JsonPrimitive(claim.leaseUntil.toString()),
            "approval" to approval.toJson(),
        )
        return json(JsonObject(granted))
    }

    fun report(call: HttpCall, id: String): HttpAnswer {
        val caller = access.caller(call)
        val (token, outcome, detail) = readReport(call.jsonBody(), settles = caller is Caller.AsApprover)
        if (caller is Caller.AsApprover && !caller.member.isAdmin) {
            throw Problem(ProblemCode.FORBIDDEN, "only an admin settles an unknown outcome")
        }
        val verdict = store.judge(known(id), caller::mayRead) { record ->
            val settledBy = (caller as? Caller.AsApprover)?.member?.person
            if (token == null) Command.Settle(outcome, detail, settledBy) else Command.Report(desk.fence(record, token), outcome, detail)
        }
        return desk.answer(verdict)
    }
}
