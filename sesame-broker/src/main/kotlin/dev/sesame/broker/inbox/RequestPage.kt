package dev.sesame.broker.inbox

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.mayRead
import dev.sesame.broker.approval.CastVote
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Redaction
import dev.sesame.rules.redactedIn
import dev.sesame.rules.toldOver
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route

/**
 * The page of one request, behind `approval_url`: everything about it for who may decide it, the least for anybody else who has the link.
 *
 * Test requests reach no person, so they have none. Reading it decides nothing. The answer is a form; whatever it meets, the page after it says what stands.
 */
internal class RequestPage(
    private val pages: Pages,
    private val forms: Forms,
    private val visitors: Visitors,
    private val read: ReadApproval,
    private val vote: CastVote,
    private val access: AccessStore,
    private val correspondence: ReadCorrespondence,
    private val news: News,
    private val stepUp: StepUp,
    private val denyReasons: List<String>,
) {
    fun install(route: Route) {
        route.getPage(pages, "/approvals/{id}") { show(it) }
        route.postPage(pages, "/approvals/{id}/answer", ::answer)
        route.postPage(pages, "/approvals/{id}/answer/options", ::ask)
    }

    private suspend fun show(call: ApplicationCall, refused: RefusedAnswer? = null) {
        val visitor = visitors.of(call)
        val cursor = visitor?.let { news.cursor(it) } // before the request is read: what happens since is told
        val record = find(call, visitor) ?: return absent(call, visitor)
        if (visitor == null) return pages.show(call, publicPage(record, news.now()))
        val seen = seen(record, visitor, refused, late = call.request.queryParameters["late"] != null)
        val status = if (refused == null) HttpStatusCode.OK else HttpStatusCode.UnprocessableEntity
        pages.show(call, Page(titleOf(record), status, visitor, cursor, scripts = listOf(Assets.PASSKEYS)) { request(seen) })
    }

    private suspend fun seen(record: ApprovalRecord, visitor: Visitor, refused: RefusedAnswer?, late: Boolean) = SeenRequest(
        record.toldOver(Redaction.INBOX),
        news.document(record.toldOver(Redaction.INBOX)),
        visitor,
        news.now(),
        isOwn = !record.question.allowSelf && access.requester(record.question.requesterId)?.ownerId == visitor.approver.id,
        confirmation = stepUp.of(record, visitor),
        correspondence = correspondence.about(record),
        paths = pages::path,
        refused = refused,
        isLate = late,
        denyReasons = denyReasons,
        hidden = record.redactedIn(Redaction.INBOX),
    )

    private suspend fun answer(call: ApplicationCall) {
        val visitor = visitors.of(call) ?: return pages.show(call, signInFirst())
        val fields = forms.of(call, visitor)
        val record = find(call, visitor) ?: return absent(call, visitor)
        val confirmation = stepUp.of(record, visitor)
        val read = readAnswer(fields, isTyped = confirmation == Confirmation.TYPED, denyReasons)
        val wantsPasskey = confirmation == Confirmation.PASSKEY && (read as? GivenAnswer)?.answer == Answer.APPROVE && record.isPending
        when {
            read is RefusedAnswer -> show(call, read)

            wantsPasskey && !stepUp.isConfirmed(record, visitor, fields) -> show(call, StepUp.lacking(fields))

            read is GivenAnswer -> {
                // What was read here is what was confirmed: a pending request that another hash stands for by now isn't it.
                val verdict = vote.cast(record.id, visitor.approver, read.answer, "inbox", read.note) {
                    visitor.caller.mayRead(it) && (!it.isPending || it.contextHash == record.contextHash)
                }
                val isLate = verdict?.refusal != null
                pages.goTo(call, "/approvals/${record.id}" + if (isLate) "?late=1" else "")
            }
        }
    }

    private suspend fun ask(call: ApplicationCall) {
        val visitor = visitors.of(call) ?: return call.refuseOptions(HttpStatusCode.Unauthorized, "You are not signed in any more.")
        val fields = forms.of(call, visitor)
        val record = find(call, visitor) ?: return call.refuseOptions(HttpStatusCode.NotFound, "There is no such request.")
        stepUp.ask(call, record, visitor, fields)
    }

    private val ApprovalRecord.isPending get() = status == ApprovalStatus.PENDING

    private suspend fun find(call: ApplicationCall, visitor: Visitor?): ApprovalRecord? =
        call.parameters["id"]?.takeIf(Ids::isApproval)?.let { id -> read.find(id) { visitor?.caller?.mayRead(it) ?: it.isForPeople } }

    private suspend fun absent(call: ApplicationCall, visitor: Visitor?) = pages.show(
        call,
        Page("No such request", HttpStatusCode.NotFound, visitor) {
            nothing("No such request", "It was never asked here, or is long forgotten.")
        },
    )
}
