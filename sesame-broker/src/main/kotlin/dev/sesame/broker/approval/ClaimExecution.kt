package dev.sesame.broker.approval

import dev.sesame.broker.access.ClaimToken
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command
import java.time.Instant

/** Hands out the right to run an approved action, once. When it returns, that is on disk. */
internal class ClaimExecution(private val adjudicate: Adjudicate, private val tokens: ClaimToken) {
    suspend fun claim(id: String, command: Command.TakeClaim, mayTouch: (ApprovalRecord) -> Boolean): Claimed? {
        val verdict = adjudicate.judge(id, mayTouch) { command } ?: return null
        if (verdict.refusal != null) return Claimed.Refused(verdict)
        val token = checkNotNull(tokens.of(verdict.record)) { "granted, but nobody holds it" }
        return Claimed.Granted(verdict.record, token, verdict.record.progress.claim!!.leaseUntil)
    }
}

/** How asking for the right to run ended. */
internal sealed interface Claimed {
    data class Refused(val verdict: Verdict) : Claimed

    class Granted(val record: ApprovalRecord, val token: String, val leaseUntil: Instant) : Claimed
}
