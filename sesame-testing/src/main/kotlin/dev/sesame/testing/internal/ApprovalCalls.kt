package dev.sesame.testing.internal

import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command
import dev.sesame.rules.Fields
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.notFound
import dev.sesame.rules.readAsked
import dev.sesame.rules.toJson
import dev.sesame.rules.toProblem
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.InstantSource
import kotlin.time.Duration.Companion.seconds

/** Open, read, list, wait, cancel. */
internal class ApprovalCalls(private val access: Access, private val desk: Desk, private val clock: InstantSource) {
    private val store = desk.store

    /** The reads that are held now. */
    val held = Places("polls", HELD_POLLS)

    fun open(call: HttpCall): HttpAnswer {
        val caller = access.requester(call)
        val opened = desk.open(readAsked(call.jsonBody(), caller.mode, clock.instant(), ::callbackUrlProblem), caller)
        val document = desk.document(opened.verdict.record)
        opened.verdict.refusal?.let { throw it.toProblem(document) }
        return json(document.toJson(), if (opened.isNew) CREATED else OK)
    }

    suspend fun read(call: HttpCall, id: String): HttpAnswer {
        val caller = access.caller(call)
        known(id)
        val query = Query(call, "wait", "timeout_seconds")
        val isHeld = query.flag("wait")
        val atMost = query.whole("timeout_seconds")?.coerceIn(0, LONGEST_HOLD_SECONDS) ?: DEFAULT_HOLD_SECONDS
        query.done()
        if (isHeld && atMost > 0) hold(id, caller, atMost)
        return answer(store.find(id, caller::mayRead))
    }

    /** Returns when it is decided, or the time is over. To lose nothing, it listens from before its first look. */
    private suspend fun hold(id: String, caller: Caller, seconds: Long) {
        val asked = store.find(id, caller::mayRead) ?: throw notFound()
        held.within(caller.holderId, "a wait for $id (${asked.question.action})") {
            withTimeoutOrNull(seconds.seconds) { store.changes.first { store.find(id)?.status?.isTerminal ?: true } }
        }
    }

    fun list(call: HttpCall): HttpAnswer = list(call, access.caller(call))

    fun inbox(call: HttpCall): HttpAnswer = list(call, access.approver(call))

    private fun list(call: HttpCall, caller: Caller): HttpAnswer {
        val (records, next) = Page(call).of(store.all().filter(caller::mayRead))
        val documents = records.map { desk.document(it).toJson() }
        return json(JsonObject(mapOf("approvals" to JsonArray(documents), "next_cursor" to (next?.let(::JsonPrimitive) ?: JsonNull))))
    }

    fun cancel(call: HttpCall, id: String): HttpAnswer {
        val caller = access.caller(call)
        if (caller is Caller.AsApprover && !caller.member.isAdmin) {
            throw Problem(ProblemCode.FORBIDDEN, "only the requester or an admin cancels")
        }
        Fields(call.jsonBody()).done()
        return desk.answer(store.judge(known(id), caller::mayRead) { Command.Cancel })
    }

    private fun answer(record: ApprovalRecord?): HttpAnswer = json(desk.document(record ?: throw notFound()).toJson())

    private companion object {
        const val DEFAULT_HOLD_SECONDS = 25L
        const val LONGEST_HOLD_SECONDS = 50L
        const val HELD_POLLS = 5_000
    }
}

/** A malformed id is as unknown as an unknown one. */
internal fun known(id: String): String = id.takeIf(Ids::isApproval) ?: throw notFound()

internal fun Desk.answer(verdict: Verdict?): HttpAnswer {
    val approval = document(verdict?.record ?: throw notFound())
    verdict.refusal?.let { throw it.toProblem(approval, verdict.fields) }
    return json(approval.toJson())
}

/** The body as a JSON object. An empty body is an empty object. A call that has one takes no parameters. */
internal fun HttpCall.jsonBody(): JsonObject {
    Query(this).done()
    if (body.size > LARGEST_BODY_BYTES) throw Problem(ProblemCode.TOO_LARGE, "a body may have at most $LARGEST_BODY_BYTES bytes")
    if (body.isEmpty()) return JsonObject(emptyMap())
    if (header(CONTENT_TYPE).orEmpty().substringBefore(';').trim().lowercase() != JSON) {
        throw Problem(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "send the body as application/json")
    }
    return try {
        StrictJson.parse(body) as? JsonObject ?: throw NotJson("it is not an object")
    } catch (problem: NotJson) {
        throw Problem(ProblemCode.MALFORMED_JSON, "the body can't be read as a JSON object: ${problem.message}")
    }
}
