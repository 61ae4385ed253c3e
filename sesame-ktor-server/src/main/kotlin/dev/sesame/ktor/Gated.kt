package dev.sesame.ktor

import dev.sesame.Approval
import dev.sesame.Sesame
import dev.sesame.ktor.internal.AroundHandler
import dev.sesame.ktor.internal.BodyLimits
import dev.sesame.ktor.internal.GatedCall
import dev.sesame.ktor.internal.GatedRoute
import dev.sesame.ktor.internal.GatedSelector
import dev.sesame.ktor.internal.ReceivedAgain
import dev.sesame.ktor.internal.approvalKey
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.createRouteScopedPlugin
import io.ktor.server.routing.Route
import kotlinx.serialization.json.JsonObject
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Routes whose handlers are reached only with an approval: `gated(sesame, "deploys.production") { post("/deploy/{name}") { … } }`.
 *
 * A request without an approval's id only asks: `202` with the id in `Location`, when the question is on the broker's disk. The same request
 * again, with `?approval=ap_…`, reaches the handler once, after a yes; `Prefer: wait=25` (RFC 7240) holds it for the decision. What people
 * approve is method, route, path, query, content type, the body's SHA-256 and the [principal]: a request that differs in one of these is
 * refused with `409`. The body itself is not stored; the handler receives it as usual. What the broker's policy permits or denies without
 * asking anybody is answered at once: by the handler, or with `403`. The right to run is claimed before the handler, and how
 * it ended is reported after it: an exception, or an answer of `5xx`, is an unknown outcome.
 *
 * Refusals are `application/problem+json` (RFC 9457): `400`, `404`, `408`, `409`, `410`, `413`, `422`, and `403` with the note of a no; `503` with
 * `Retry-After` where the broker can't be asked, which is tried for as long as the client's `retryFor` says. The handler never ran with these.
 * A caller who disconnects while the request is held or the handler runs doesn't stop it, unless the server cancels such calls; where it does
 * that to a running handler, the outcome is unknown.
 *
 * @param action the stable key of what the handlers do, such as `deploys.production`.
 * @param principal who calls, where that is known: only the same one can use the approval. It sees the call after authentication.
 * @param summary the line the human reads, cut to 500 characters; `null` names method, path and principal.
 * @param reason why it is asked, where the call tells.
 * @param dedupKey the caller's own id for the request: the same key again finds the same approval instead of asking twice.
 * @param context what else of the call and its body people see and approve, under names that the gate doesn't use itself; the same request must
 *   give the same. It is stored at the broker. What it throws goes on as the handler's own exceptions do, and nothing is asked.
 * @param editable which fields of [context] an approver may change before approving. Name one only where the handlers take it from
 *   `call.approval.effectiveContext` and not from the request, which still says what was asked. An approval with any other edit is refused
 *   with `409`.
 * @param expiresIn how long people may take; the broker's default is a day.
 * @param validFor how long after the yes the request may be repeated; the broker's default is a day.
 * @param longestWait how long a request is held at most, whatever it prefers.
 * @param maxBodyBytes the largest body, which is held in memory while it is hashed; a larger one is refused before it is read whole.
 * @param bodyTimeout how long reading the body may take.
 * @param build the routes behind the gate. Another gate among them is refused, at once.
 */
public fun Route.gated(
    sesame: Sesame,
    action: String,
    principal: (ApplicationCall) -> String? = { null },
    summary: (ApplicationCall) -> String? = { null },
    reason: (ApplicationCall) -> String? = { null },
    dedupKey: (ApplicationCall) -> String? = { null },
    context: (ApplicationCall, ByteArray) -> JsonObject = { _, _ -> JsonObject(emptyMap()) },
    editable: List<String> = emptyList(),
    expiresIn: Duration? = null,
    validFor: Duration? = null,
    longestWait: Duration = 25.seconds,
    maxBodyBytes: Int = 1024 * 1024,
    bodyTimeout: Duration = 10.seconds,
    build: Route.() -> Unit,
): Route {
    require(generateSequence(this) { it.parent }.none { it.selector is GatedSelector }) {
        "gated(\"$action\") stands within another gated route: one request can't carry two approvals"
    }
    val gate = GatedRoute(sesame, action, principal, summary, reason, dedupKey, expiresIn, validFor, longestWait, context, editable)
    val limits = BodyLimits(maxBodyBytes, bodyTimeout)
    val route = createChild(GatedSelector(action))
    route.install(
        createRouteScopedPlugin("SesameGate") {
            on(AroundHandler) { call, proceed -> GatedCall(gate, limits, call).pass(proceed) }
            on(ReceivedAgain) { }
        },
    )
    return route.apply(build)
}

/** What was approved: for the handler of a [gated] route; an error anywhere else. */
public val ApplicationCall.approval: Approval
    get() = attributes.getOrNull(approvalKey) ?: error("there is an approval only in the handler of a gated route")
