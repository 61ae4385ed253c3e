package dev.sesame.broker.inbox

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.broker.access.mayRead
import dev.sesame.broker.approval.CastVote
import dev.sesame.broker.approval.Verdict
import dev.sesame.rules.Redaction
import dev.sesame.rules.toldOver
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route

/**
 * Approving with changes, in two steps: the form of the request's page is read and shown as what it would change, and that page approves it.
 *
 * What that page carries is bound to the request as it was seen, and to the hash of what it showed; a passkey signs for that hash.
 */
internal class EditPages(private val pages: Pages, private val show: ShowRequest, private val vote: CastVote, private val stepUp: StepUp) {
    fun install(route: Route) {
        route.postPage(pages, "/approvals/{id}/edit", ::look)
        route.postPage(pages, "/approvals/{id}/edit/answer", ::answer)
        route.postPage(pages, "/approvals/{id}/edit/options", ::ask)
    }

    private suspend fun look(call: ApplicationCall) {
        val sent = show.sent(call, FormSize.CONTEXT) ?: return
        val seen = show.seen(sent.record, sent.visitor)
        if (!seen.mayEdit) return refuse(call, seen)
        // Coming back from the second page to change it again.
        val changed = sent.fields[CHANGED]?.let { readChanged(seen.question, sent.record.question, it) }
        if (changed !is GivenEdit) return offer(call, sent, seen, changed ?: readTyped(seen.question, sent.record.question, sent.fields))
        show.show(call, Returned(edit = TypedEdit(typed(seen.question, changed.changed)), note = sent.note))
    }

    /** Where an approval as asked brings fields along that were changed: shows what they would change. `false` where there are none. */
    suspend fun diverts(call: ApplicationCall, sent: SentForm): Boolean {
        if (sent.fields.names().none { it.startsWith(EditField.KEY) }) return false
        val seen = show.seen(sent.record, sent.visitor)
        val read = readTyped(seen.question, sent.record.question, sent.fields)
        if (!seen.mayAnswer || (read is GivenEdit && read.edits.isEmpty())) return false
        if (seen.mayEdit) offer(call, sent, seen, read) else refuse(call, seen)
        return true
    }

    private suspend fun offer(call: ApplicationCall, sent: SentForm, seen: SeenRequest, read: ReadEdit) = when {
        !sent.isOfNow -> show.show(call, Returned(edit = read.typed(seen, CHANGED_SINCE), note = sent.note))
        read is GivenEdit -> review(call, seen, read, note = sent.note)
        else -> show.show(call, Returned(edit = read as TypedEdit, note = sent.note))
    }

    private suspend fun answer(call: ApplicationCall) {
        val sent = show.sent(call, FormSize.CONTEXT) ?: return
        val seen = show.seen(sent.record, sent.visitor)
        if (!seen.isPending) return show.goTo(call, sent.record, isLate = true)
        if (!seen.mayEdit) return refuse(call, seen)
        val read = readChanged(seen.question, sent.record.question, sent.fields[CHANGED].orEmpty())
        if (read !is GivenEdit || !sent.isOfNow || sent.fields[APPROVES] != read.hash) {
            val why = if (sent.isOfNow) NOT_SHOWN else CHANGED_SINCE
            return show.show(call, Returned(edit = read.typed(seen, why), note = sent.note))
        }
        val answer = readAnswer(sent.fields, isTyped = seen.confirmation == Confirmation.TYPED, reasons = emptyList())
        when {
            answer is RefusedAnswer -> review(call, seen, read, sent.note, answer)

            seen.confirmation == Confirmation.PASSKEY && !stepUp.isConfirmed(sent.record, sent.visitor, sent.fields, read.hash) ->
                review(call, seen, read, sent.note, StepUp.lacking(sent.fields))

            answer is GivenAnswer -> {
                val verdict = cast(sent, answer, read)
                val why = verdict?.fields?.joinToString(" ") { "${it.field} ${it.message}." }
                if (why.isNullOrEmpty()) return show.goTo(call, sent.record, isLate = verdict?.refusal != null)
                show.show(call, Returned(edit = read.typed(seen, why)))
            }
        }
    }

    private suspend fun cast(sent: SentForm, answer: GivenAnswer, edit: GivenEdit): Verdict? {
        val context = edit.context.takeIf { edit.edits.isNotEmpty() && answer.answer == Answer.APPROVE }
        return vote.cast(sent.record.id, sent.visitor.approver, answer.answer, "inbox", answer.note, context) {
            sent.visitor.caller.mayRead(it) && (it.status != ApprovalStatus.PENDING || it.question.requestHash == sent.fields[ASKED])
        }
    }

    private suspend fun ask(call: ApplicationCall) {
        val sent = show.asked(call, FormSize.CONTEXT) ?: return
        val shown = sent.record.toldOver(Redaction.INBOX).question
        val read = readChanged(shown, sent.record.question, sent.fields[CHANGED].orEmpty())
        if (read !is GivenEdit) return call.refuseOptions(HttpStatusCode.UnprocessableEntity, "These changes can't be approved.")
        stepUp.ask(call, sent, read.hash)
    }

    private suspend fun review(call: ApplicationCall, seen: SeenRequest, edit: GivenEdit, note: String, refused: RefusedAnswer? = null) =
        show.ask(call, "Approve with changes", seen.visitor, isRefusal = refused != null) { editReview(seen, edit, note, refused?.why) }

    /** There was no such form on the page. */
    private suspend fun refuse(call: ApplicationCall, seen: SeenRequest) = when {
        !seen.mayAnswer -> show.goTo(call, seen.record, isLate = true)
        !seen.decidesAlone -> show.show(call, Returned(answer = RefusedAnswer("$NOT_ALONE Nothing was decided.", "")))
        else -> show.show(call, Returned(answer = RefusedAnswer("Nothing of this may be changed. Nothing was decided.", "")))
    }

    private fun ReadEdit.typed(seen: SeenRequest, why: String): TypedEdit = when (this) {
        is TypedEdit -> TypedEdit(texts, wrong, listOfNotNull(this.why, why).joinToString(" "))
        is GivenEdit -> TypedEdit(typed(seen.question, changed), why = why)
    }

    private val SentForm.note get() = fields["note"].orEmpty()

    /** Whether it was sent from a page that showed the request as it stands. */
    private val SentForm.isOfNow get() = fields[StepUp.SEEN] == StepUp.seen(record) && fields[ASKED] == record.question.requestHash

    companion object {
        /** The hash of what was asked. */
        const val ASKED = "asked"

        /** The hash of what is approved. */
        const val APPROVES = "approves"

        /** The values that differ, as JSON. */
        const val CHANGED = "changed"
        const val NOT_ALONE = "Nobody changes it whose approval alone isn't enough."
        private const val CHANGED_SINCE = "This request has changed since you looked at it. Look again."
        private const val NOT_SHOWN = "What was sent isn't what was shown to you."
    }
}
