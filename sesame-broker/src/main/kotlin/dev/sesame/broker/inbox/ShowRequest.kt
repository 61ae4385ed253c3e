package dev.sesame.broker.inbox

import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.mayRead
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Redaction
import dev.sesame.rules.isDecidedBy
import dev.sesame.rules.redactedIn
import dev.sesame.rules.tally
import dev.sesame.rules.toldOver
import io.ktor.http.HttpStatusCode
import io.ktor.http.Parameters
import io.ktor.server.application.ApplicationCall
import kotlinx.html.FlowContent
import java.time.Duration

/** A form about one request, as one of its pages sent it. */
internal class SentForm(val visitor: Visitor, val fields: Parameters, val record: ApprovalRecord)

/** Finds requests for who visits, and shows their pages. */
internal class ShowRequest(
    private val pages: Pages,
    private val forms: Forms,
    private val visitors: Visitors,
    private val read: ReadApproval,
    private val access: AccessStore,
    private val correspondence: ReadCorrespondence,
    private val news: News,
    private val stepUp: StepUp,
    private val denyReasons: List<String>,
    /** How long after the asking people may have at most. */
    private val extendWithin: Duration,
) {
    suspend fun show(call: ApplicationCall, returned: Returned = Returned()) {
        val visitor = visitors.of(call)
        val cursor = visitor?.let { news.cursor(it) } // before the request is read: what happens since is told
        val record = find(call, visitor) ?: return absent(call, visitor)
        if (visitor == null) return pages.show(call, publicPage(record, news.now()))
        val seen = seen(record, visitor, returned, late = call.request.queryParameters["late"] != null)
        val status = if (returned.isRefusal) HttpStatusCode.UnprocessableEntity else HttpStatusCode.OK
        pages.show(call, Page(titleOf(record), status, visitor, cursor, scripts = listOf(Assets.PASSKEYS)) { request(seen) })
    }

    /** A page between the request's and what is done: it isn't kept up to date, what it sends is judged anew. */
    suspend fun ask(call: ApplicationCall, title: String, visitor: Visitor, isRefusal: Boolean, content: FlowContent.() -> Unit) {
        val status = if (isRefusal) HttpStatusCode.UnprocessableEntity else HttpStatusCode.OK
        pages.show(call, Page(title, status, visitor, scripts = listOf(Assets.PASSKEYS), content = content))
    }

    /** What was sent by a form of our own about a request that its sender may read; `null` where the answer was given already. */
    suspend fun sent(call: ApplicationCall, size: FormSize = FormSize.USUAL): SentForm? {
        val visitor = visitors.of(call) ?: return null.also { pages.show(call, signInFirst()) }
        val fields = forms.of(call, visitor, size)
        val record = find(call, visitor) ?: return null.also { absent(call, visitor) }
        return SentForm(visitor, fields, record)
    }

    /** The same for what a script asks. */
    suspend fun asked(call: ApplicationCall, size: FormSize = FormSize.USUAL): SentForm? {
        val visitor = visitors.of(call)
            ?: return null.also { call.refuseOptions(HttpStatusCode.Unauthorized, "You are not signed in any more.") }
        val fields = forms.of(call, visitor, size)
        val record = find(call, visitor)
            ?: return null.also { call.refuseOptions(HttpStatusCode.NotFound, "There is no such request.") }
        return SentForm(visitor, fields, record)
    }

    suspend fun seen(record: ApprovalRecord, visitor: Visitor, returned: Returned = Returned(), late: Boolean = false): SeenRequest {
        val owner = access.requester(record.question.requesterId)?.ownerId
        val electorate = access.electorate()
        val told = record.toldOver(Redaction.INBOX)
        return SeenRequest(
            told,
            news.document(told),
            visitor,
            news.now(),
            isOwn = !record.question.allowSelf && owner == visitor.approver.id,
            tally = record.question.tally(record.progress.votes, electorate, owner),
            decidesAlone = record.question.isDecidedBy(visitor.approver.id, electorate, owner),
            confirmation = stepUp.of(record, visitor),
            correspondence = correspondence.about(record),
            paths = pages::path,
            returned = returned,
            isLate = late,
            denyReasons = denyReasons,
            extendWithin = extendWithin,
            hidden = record.redactedIn(Redaction.INBOX),
        )
    }

    /** See other: the request as it stands now. */
    suspend fun goTo(call: ApplicationCall, record: ApprovalRecord, isLate: Boolean = false) =
        pages.goTo(call, "/approvals/${record.id}" + if (isLate) "?late=1" else "")

    suspend fun forbid(call: ApplicationCall, visitor: Visitor, sentence: String) =
        pages.show(call, Page("Not for you", HttpStatusCode.Forbidden, visitor) { nothing("Not for you", sentence) })

    private suspend fun find(call: ApplicationCall, visitor: Visitor?): ApprovalRecord? =
        call.parameters["id"]?.takeIf(Ids::isApproval)?.let { id -> read.find(id) { visitor?.caller?.mayRead(it) ?: it.isForPeople } }

    private suspend fun absent(call: ApplicationCall, visitor: Visitor?) = pages.show(
        call,
        Page("No such request", HttpStatusCode.NotFound, visitor) {
            nothing("No such request", "It was never asked here, or is long forgotten.")
        },
    )
}
