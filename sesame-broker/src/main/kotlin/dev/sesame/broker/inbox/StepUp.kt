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

    /** Gives the script of the request's page what a passkey is to sign. */
    suspend fun ask(call: ApplicationCall, record: ApprovalRecord, visitor: Visitor, fields: Parameters) {
        val place = place(visitor)
        when {
            place == null || record.status != ApprovalStatus.PENDING || fields[SEEN] != seen(record) ->
                call.refuseOptions(HttpStatusCode.Conflict, "This request has changed. Load the page anew.")

            else -> {
                val asked = passkeys.askToConfirm(place, visitor.signedIn, what(record))
                call.respondOptions(asked.options, asked.ticket)
            }
        }
    }

    /** Whether a passkey of the visitor signed for the approval of [record] as it stands. */
    suspend fun isConfirmed(record: ApprovalRecord, visitor: Visitor, fields: Parameters): Boolean =
        place(visitor)?.let { passkeys.confirms(it, visitor.signedIn, what(record), fields.credential, fields.ticket) } ?: false

    /** Where the visitor has a passkey that can be asked for. */
    private suspend fun place(visitor: Visitor): PasskeyPlace? =
        site().passkeyPlace?.takeIf { wantsPasskey && passkeys.has(visitor.approver.id, it) }

    private fun what(record: ApprovalRecord) =
        listOf(Answer.APPROVE.value, record.id, "${record.version}", record.contextHash).joinToString("\n")

    companion object {
        const val SEEN = "seen"
        private const val LACKING =
            "Approving this takes your passkey, just now and for this request as it stands. Nothing was decided: try again."

        fun lacking(fields: Parameters) = RefusedAnswer(LACKING, fields["note"].orEmpty())

        /** Which state of it a page shows. */
        fun seen(record: ApprovalRecord): String = "${record.version}"
    }
}
