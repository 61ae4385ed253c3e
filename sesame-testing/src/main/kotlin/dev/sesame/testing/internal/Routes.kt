package dev.sesame.testing.internal

import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.testing.CallKind
import kotlinx.coroutines.CancellationException

/** Answers calls as the contract says, whichever door they come in by, save what a fault does to them. */
internal class Routes(
    private val approvals: ApprovalCalls,
    private val runs: RunCalls,
    private val policy: PolicyCalls,
    private val receipts: ReceiptCalls,
    private val feed: Feed,
    private val faults: Faults,
    private val ids: Ids,
) {
    private class Route(val method: String, val path: String, val kind: CallKind, val handle: suspend (HttpCall, String) -> HttpAnswer) {
        fun isAt(path: List<String>): Boolean =
            pattern.size == path.size && pattern.zip(path).all { (own, given) -> own == ID || own == given }

        private val pattern = path.split('/').drop(1)
    }

    private val routes = listOf(
        Route("POST", "/v1/approvals", CallKind.OPEN) { call, _ -> approvals.open(call) },
        Route("GET", "/v1/approvals", CallKind.LIST) { call, _ -> approvals.list(call) },
        Route("GET", "/v1/approvals/$ID", CallKind.READ) { call, id -> approvals.read(call, id) },
        Route("POST", "/v1/approvals/$ID/cancel", CallKind.CANCEL) { call, id -> approvals.cancel(call, id) },
        Route("POST", "/v1/approvals/$ID/claim", CallKind.CLAIM) { call, id -> runs.claim(call, id) },
        Route("POST", "/v1/approvals/$ID/outcome", CallKind.REPORT) { call, id -> runs.report(call, id) },
        Route("POST", "/v1/approvals/$ID/decision", CallKind.DECIDE) { call, id -> runs.decide(call, id) },
        Route("POST", "/v1/approvals/$ID/extend", CallKind.EXTEND) { call, id -> runs.extend(call, id) },
        Route("POST", "/v1/approvals/$ID/redact", CallKind.REDACT) { call, id -> runs.redact(call, id) },
        Route("GET", "/v1/approvals/$ID/receipt", CallKind.RECEIPT) { call, id -> receipts.receipt(call, id) },
        Route("GET", "/.well-known/jwks.json", CallKind.KEYS) { _, _ -> receipts.keys() },
        Route("POST", "/v1/policy/check", CallKind.CHECK) { call, _ -> policy.check(call) },
        Route("GET", "/v1/inbox", CallKind.LIST) { call, _ -> approvals.inbox(call) },
        Route("GET", "/v1/decisions", CallKind.FEED) { call, _ -> feed.follow(call) },
    )

    /** Answers [call]; [ConnectionLost] where a fault takes the answer away. */
    suspend fun answer(call: HttpCall): HttpAnswer {
        val requestId = ids.request()
        val answer = try {
            routed(call, requestId)
        } catch (problem: Problem) {
            problem.toAnswer(requestId)
        } catch (problem: ConnectionLost) {
            throw problem
        } catch (leaving: CancellationException) {
            throw leaving
        } catch (fault: Exception) { // ours, or a script's: told like any other
            Problem(ProblemCode.INTERNAL, "this is a fault of the FakeBroker or of an approver's script: $fault").toAnswer(requestId)
        }
        return answer.with(
            if (call.path.startsWith("/v1/")) contractHeaders + (REQUEST_ID to requestId) else mapOf(REQUEST_ID to requestId),
        )
    }

    private suspend fun routed(call: HttpCall, requestId: String): HttpAnswer {
        val path = call.path.split('/').drop(1)
        val here = routes.filter { it.isAt(path) }
        if (here.isEmpty()) throw Problem(ProblemCode.NOT_FOUND, "there is no such address")
        val route =
            here.find { it.method == call.method }
                ?: return Problem(ProblemCode.METHOD_NOT_ALLOWED, "this address doesn't take ${call.method}")
                    .toAnswer(requestId).with(mapOf("Allow" to here.joinToString { it.method }))
        val kind = if (route.kind == CallKind.READ && call.isHeld) CallKind.WAIT else route.kind
        return faults.around(kind) { route.handle(call, path.getOrElse(2) { "" }) }
    }

    private companion object {
        const val ID = "{id}"
        const val REQUEST_ID = "Request-Id"
        val contractHeaders = mapOf("Sesame-Features" to "claim, feed, policy", "Cache-Control" to "no-store")
    }
}

/** Whether the answer may take long without anything going wrong. */
internal val HttpCall.isHeld: Boolean get() = path == "/v1/decisions" || query.any { it == "wait" to "true" }
