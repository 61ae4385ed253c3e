package dev.sesame.broker.inbox

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.broker.access.mayRead
import dev.sesame.broker.approval.CastVote
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route

/**
 * The page of one request, behind `approval_url`: everything about it for who may decide it, the least for anybody else who has the link.
 *
 * Test requests reach no person, so they have none. Reading it decides nothing. The answer is a form; whatever it meets, the page after it says what stands.
 */
internal class RequestPage(
    private val pages: Pages,
    private val show: ShowRequest,
    private val edits: EditPages,
    private val vote: CastVote,
    private val stepUp: StepUp,
    private val denyReasons: List<String>,
) {
    fun install(route: Route) {
        route.getPage(pages, "/approvals/{id}") { show.show(it) }
        route.postPage(pages, "/approvals/{id}/answer", ::answer)
        route.postPage(pages, "/approvals/{id}/answer/options", ::ask)
    }

    private suspend fun answer(call: ApplicationCall) {
        val sent = show.sent(call, FormSize.CONTEXT) ?: return
        if (sent.fields["decision"] == Answer.APPROVE.value && edits.diverts(call, sent)) return
        val (visitor, record) = sent.visitor to sent.record
        val confirmation = stepUp.of(record, visitor)
        val read = readAnswer(sent.fields, isTyped = confirmation == Confirmation.TYPED, denyReasons)
        val isPending = record.status == ApprovalStatus.PENDING
        val wantsPasskey = confirmation == Confirmation.PASSKEY && (read as? GivenAnswer)?.answer == Answer.APPROVE && isPending
        when {
            read is RefusedAnswer -> show.show(call, Returned(answer = read))

            wantsPasskey && !stepUp.isConfirmed(record, visitor, sent.fields) ->
                show.show(call, Returned(answer = StepUp.lacking(sent.fields)))

            read is GivenAnswer -> {
                // What was read here is what was confirmed: a pending request that another hash stands for by now isn't it.
                val verdict = vote.cast(record.id, visitor.approver, read.answer, "inbox", read.note) {
                    visitor.caller.mayRead(it) && (it.status != ApprovalStatus.PENDING || it.contextHash == record.contextHash)
                }
                show.goTo(call, record, isLate = verdict?.refusal != null)
            }
        }
    }

    private suspend fun ask(call: ApplicationCall) {
        val sent = show.asked(call) ?: return
        stepUp.ask(call, sent, sent.record.contextHash)
    }
}
