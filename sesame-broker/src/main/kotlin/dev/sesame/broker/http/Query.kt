package dev.sesame.broker.http

import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.broker.access.Caller
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.mayRead
import dev.sesame.broker.approval.Listed
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.store.ApprovalQuery
import dev.sesame.broker.store.Position
import dev.sesame.rules.FieldProblem
import dev.sesame.rules.invalid
import dev.sesame.rules.toJson
import io.ktor.server.application.ApplicationCall
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonPrimitive
import java.time.Instant
import java.util.Base64

/** The query parameters of a call; like a body's fields, each is checked and an unknown one is refused. */
internal class Query(private val call: ApplicationCall, private vararg val known: String) {
    private val problems = mutableListOf<FieldProblem>()

    fun text(name: String): String? = call.request.queryParameters[name]

    fun flag(name: String): Boolean = when (text(name)) {
        null, "false" -> false
        "true" -> true
        else -> false.also { refuse(name, "must be true or false") }
    }

    fun whole(name: String): Long? = text(name)?.let { it.toLongOrNull() ?: null.also { refuse(name, "must be a whole number") } }

    /** How many a page may hold. */
    fun limit(): Int {
        val limit = whole("limit") ?: DEFAULT_LIMIT
        if (limit !in 1..LARGEST_LIMIT) refuse("limit", "must be from 1 to $LARGEST_LIMIT")
        return limit.toInt()
    }

    /** Where the last page ended. */
    fun position(isId: (String) -> Boolean): Position? =
        text("cursor")?.let { Cursor.position(it, isId) ?: null.also { refuse("cursor", "is none of this broker's") } }

    fun refuse(name: String, message: String) {
        problems += FieldProblem(name, message)
    }

    fun done() {
        call.request.queryParameters.names().filter { it !in known }.forEach { refuse(it.take(100), "is not a parameter of this call") }
        if (problems.isNotEmpty()) throw invalid(*problems.toTypedArray())
    }

    companion object {
        private const val DEFAULT_LIMIT = 20L
        const val LARGEST_LIMIT = 100L
    }
}

/** A place in a list as callers are told it; to them it means nothing. */
internal object Cursor {
    private const val LONGEST = 100

    fun of(createdAt: Instant, id: String): String =
        Base64.getUrlEncoder().withoutPadding().encodeToString("${createdAt.toEpochMilli()}.$id".toByteArray())

    /** `null` where nobody can have been told so. */
    fun position(cursor: String, isId: (String) -> Boolean): Position? {
        val text = try {
            String(Base64.getUrlDecoder().decode(cursor.take(LONGEST)))
        } catch (_: IllegalArgumentException) {
            return null
        }
        val millis = text.substringBefore('.').toLongOrNull() ?: return null
        return Position(Instant.ofEpochMilli(millis), text.substringAfter('.').takeIf(isId) ?: return null)
    }
}

/** One page of a list, newest first. */
internal class Page private constructor(val query: ApprovalQuery, private val execution: ExecutionState?) {
    suspend fun read(read: ReadApproval): Listed = if (execution == null) read.list(query) else read.list(query, execution)

    fun answer(found: Listed, caller: Caller, documents: Documents): JsonElement = jsonObjectOf(
        "approvals" to JsonArray(found.records.filter(caller::mayRead).map { documents.of(it, caller).toJson() }),
        "next_cursor" to (found.goOnAfter?.let { JsonPrimitive(Cursor.of(it.question.createdAt, it.id)) } ?: JsonNull),
    )

    companion object {
        fun of(call: ApplicationCall, caller: Caller, vararg more: String): Page {
            val query = Query(call, "status", "action", "dedup_key", "limit", "cursor", "ids", *more)
            val limit = query.limit()
            val ids = query.text("ids")?.split(",")?.filter { it.isNotEmpty() }
            if (ids != null && ids.size > Query.LARGEST_LIMIT) query.refuse("ids", "may name at most ${Query.LARGEST_LIMIT}")
            val status = query.text("status")?.let(ApprovalStatus::of)
            if (status != null && status != ApprovalStatus.PENDING && !status.isTerminal) query.refuse("status", "is no status")
            val position = query.position(Ids::isApproval)
            val execution = if (EXECUTION in more) query.execution() else null
            query.done()
            val asked = if (ids == null) limit else Query.LARGEST_LIMIT.toInt() + 1
            val requester = caller as? Caller.AsRequester
            return Page(
                ApprovalQuery(
                    requester?.requester?.id,
                    requester?.key?.mode ?: Mode.LIVE,
                    status,
                    query.text("action"),
                    query.text("dedup_key"),
                    ids?.filter(Ids::isApproval),
                    position,
                    asked,
                ),
                execution,
            )
        }

        /** The parameter of lists of people: how a run stands. */
        const val EXECUTION = "execution"

        private fun Query.execution(): ExecutionState? {
            val asked = text("execution") ?: return null
            return states.find { it.value == asked } ?: null.also { refuse(EXECUTION, "must be one of ${states.joinToString()}") }
        }

        private val states = listOf(ExecutionState.CLAIMED, ExecutionState.SUCCEEDED, ExecutionState.FAILED, ExecutionState.UNKNOWN)
    }
}
