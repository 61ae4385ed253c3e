package dev.sesame.broker.inbox

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.broker.access.Site
import dev.sesame.broker.access.passkey.PasskeyPlace
import dev.sesame.broker.access.passkey.Passkeys
import dev.sesame.rules.ApprovalRecord
import io.ktor.http.HttpStatusCode
import io.ktor.http.Parameters
import io.ktor.server.application.ApplicationCall

/** What an approver has to do besides pressing Approve. */
internal enum class Confirmation { NONE, TYPED, PASSKEY }

/**
 * Asks more of who approves a request of high risk: a passkey of theirs, that signs for this request as it was seen and for nothing else, so
 * that a stolen session can't; or, where they have none or [wantsPasskey] is off, a typed word, so that a slip can't.
 */
internal class StepUp(
    private val passkeys: Passkeys,
    private val site: () -> Site,
    private val fromRisk: Double,
    private val wantsPasskey: Boolean,
) {
    suspend fun of(record: ApprovalRecord, visitor: Visitor): Confirmation = when {
        (record.question.riskScore ?: 0.0) < fromRisk -> Confirmation.NONE
        place(visitor) == null -> Confirmation.TYPED
        else -> Confirmation.PASSKEY
    }

    /** Gives the script of a page of the request what a passkey is to sign: that what [contextHash] stands for is approved. */
    suspend fun ask(call: ApplicationCall, sent: SentForm, contextHash: String) {
        val (visitor, record) = sent.visitor to sent.record
        val place = place(visitor)
        when {
            place == null || record.status != ApprovalStatus.PENDING || sent.fields[SEEN] != seen(record) ->
                call.refuseOptions(HttpStatusCode.Conflict, "This request has changed. Load the page anew.")

            else -> {
                val asked = passkeys.askToConfirm(place, visitor.signedIn, what(record, contextHash))
                call.respondOptions(asked.options, asked.ticket)
            }
        }
    }

    /** Whether a passkey of the visitor signed for the approval of [record] as it stands, with what [contextHash] stands for. */
    suspend fun isConfirmed(
        record: ApprovalRecord,
        visitor: Visitor,
        fields: Parameters,
        contextHash: String = record.contextHash,
    ): Boolean =
        place(visitor)?.let { passkeys.confirms(it, visitor.signedIn, what(record, contextHash), fields.credential, fields.ticket) }
            ?: false

    /** Where the visitor has a passkey that can be asked for. */
    private suspend fun place(visitor: Visitor): PasskeyPlace? =
        site().passkeyPlace?.takeIf { wantsPasskey && passkeys.has(visitor.approver.id, it) }

    /** An edit has a hash of its own: who signed for one has signed for no other, nor for what was asked. */
    private fun what(record: ApprovalRecord, contextHash: String) =
        listOf(Answer.APPROVE.value, record.id, "${record.version}", contextHash).joinToString("\n")

    companion object {
        const val SEEN = "seen"
        private const val LACKING =
            "Approving this takes your passkey, just now and for this request as it stands. Nothing was decided: try again."

        fun lacking(fields: Parameters) = RefusedAnswer(LACKING, fields["note"].orEmpty())

        /** Which state of it a page shows. */
        fun seen(record: ApprovalRecord): String = "${record.version}"
    }
}
