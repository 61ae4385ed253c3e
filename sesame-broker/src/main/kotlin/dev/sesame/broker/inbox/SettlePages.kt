package dev.sesame.broker.inbox

import dev.sesame.ExecutionState
import dev.sesame.broker.access.mayRead
import dev.sesame.broker.approval.ReportOutcome
import dev.sesame.rules.Problem
import dev.sesame.rules.readReport
import io.ktor.http.Parameters
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** How an admin says what became of a run that ended without a word: what that means is shown first, and then it is done. */
internal class SettlePages(private val pages: Pages, private val show: ShowRequest, private val report: ReportOutcome) {
    fun install(route: Route) {
        route.postPage(pages, "/approvals/{id}/settle") { read(it, ::review) }
        route.postPage(pages, "/approvals/{id}/settle/confirmed") { read(it, ::settle) }
    }

    private suspend fun read(call: ApplicationCall, then: suspend (ApplicationCall, SentForm, Settling) -> Unit) {
        val sent = show.sent(call) ?: return
        if (!sent.visitor.isAdmin) return show.forbid(call, sent.visitor, "Only an admin says what became of a run. Nothing was changed.")
        val settling = try {
            settling(sent.fields)
        } catch (problem: Problem) {
            return show.show(call, Returned(settling = refused(sent.fields, problem.detail.replaceFirstChar(Char::uppercase) + ".")))
        }
        if (settling == null) return show.show(call, Returned(settling = refused(sent.fields, "Say what you found.")))
        then(call, sent, settling)
    }

    private suspend fun review(call: ApplicationCall, sent: SentForm, settling: Settling) {
        val seen = show.seen(sent.record, sent.visitor)
        if (!seen.maySettle || sent.fields[StepUp.SEEN] != StepUp.seen(sent.record)) return changed(call, sent, settling)
        show.ask(call, "Say what happened", sent.visitor, isRefusal = false) { settlingReview(seen, settling) }
    }

    /** It is said of the run that was shown: of a later one the admin knows nothing. */
    private suspend fun settle(call: ApplicationCall, sent: SentForm, settling: Settling) {
        val verdict = report.settle(sent.record.id, sent.visitor.approver, settling.outcome, settling.detail) {
            sent.visitor.caller.mayRead(it) && StepUp.seen(it) == sent.fields[StepUp.SEEN]
        }
        if (verdict == null || verdict.refusal != null) return changed(call, sent, settling)
        show.goTo(call, sent.record)
    }

    /** A second tap finds what the first one did. */
    private suspend fun changed(call: ApplicationCall, sent: SentForm, settling: Settling) {
        val isSo = sent.record.progress.run { execution?.state == settling.outcome && settledBy?.id == sent.visitor.approver.id }
        if (isSo) return show.goTo(call, sent.record)
        val why = "What became of it has changed since you looked. Look again."
        show.show(call, Returned(settling = refused(sent.fields, why)))
    }

    private fun settling(fields: Parameters): Settling? {
        val outcome = fields["outcome"].orEmpty()
        if (outcome != ExecutionState.SUCCEEDED.value && outcome != ExecutionState.FAILED.value) return null
        val detail = fields.detail.takeIf { it.isNotEmpty() }
        val body = listOfNotNull("outcome" to outcome, detail?.let { "detail" to it }).associate { it.first to JsonPrimitive(it.second) }
        val told = readReport(JsonObject(body), settles = true)
        return Settling(told.outcome, told.detail)
    }

    private fun refused(fields: Parameters, why: String) =
        RefusedSettling("$why Nothing was changed.", fields["outcome"].orEmpty(), fields.detail)

    private val Parameters.detail get() = this["detail"].orEmpty().replace("\r\n", "\n").trim()
}
