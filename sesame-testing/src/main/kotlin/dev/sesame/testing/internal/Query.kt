package dev.sesame.testing.internal

import dev.sesame.ApprovalStatus
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.FieldProblem
import dev.sesame.rules.invalid
import java.util.Base64

/** The query parameters of a call: each is checked, and an unknown one is refused. */
internal class Query(private val call: HttpCall, private vararg val known: String) {
    private val problems = mutableListOf<FieldProblem>()

    fun text(name: String): String? = call.query.firstOrNull { it.first == name }?.second

    fun flag(name: String): Boolean = when (text(name)) {
        null, "false" -> false
        "true" -> true
        else -> false.also { refuse(name, "must be true or false") }
    }

    fun whole(name: String): Long? = text(name)?.let { it.toLongOrNull() ?: null.also { refuse(name, "must be a whole number") } }

    fun refuse(name: String, message: String) {
        problems += FieldProblem(name, message)
    }

    fun done() {
        call.query.map { it.first }.distinct().filter { it !in known }.forEach { refuse(it.take(100), "is not a parameter of this call") }
        if (problems.isNotEmpty()) throw invalid(*problems.toTypedArray())
    }
}

/** One page of a list, newest first. */
internal class Page(call: HttpCall) {
    private val query = Query(call, "status", "action", "dedup_key", "limit", "cursor", "ids")
    private val limit = (query.whole("limit") ?: DEFAULT_LIMIT).also {
        if (it !in
            1..LARGEST
        ) {
            query.refuse("limit", "must be from 1 to $LARGEST")
        }
    }
    private val ids = query.text("ids")?.split(",")?.filter { it.isNotEmpty() }
        .also { if (it != null && it.size > LARGEST) query.refuse("ids", "may name at most $LARGEST") }
    private val status = query.text("status")?.let(ApprovalStatus::of)
        .also { if (it != null && it != ApprovalStatus.PENDING && !it.isTerminal) query.refuse("status", "is no status") }
    private val after = query.text("cursor")
    private val action = query.text("action")
    private val dedupKey = query.text("dedup_key")

    /** What of [all], which come oldest first, stands on this page, and the cursor of the next. */
    fun of(all: List<ApprovalRecord>): Pair<List<ApprovalRecord>, String?> {
        val newestFirst = all.asReversed()
        val start = after?.let { cursor ->
            val position = newestFirst.indexOfFirst { cursorOf(it) == cursor }
            if (position < 0) query.refuse("cursor", "is none of this broker's")
            position + 1
        }
        query.done()
        val wanted = newestFirst.drop(start ?: 0).filter(::isWanted)
        val page = if (ids == null) wanted.take(limit.toInt()) else wanted
        val next = page.lastOrNull()?.takeIf { ids == null && page.size == limit.toInt() }
        return page to next?.let(::cursorOf)
    }

    private fun isWanted(record: ApprovalRecord): Boolean = (ids == null || record.id in ids) &&
        (status == null || record.status == status) &&
        (action == null || record.question.action == action) &&
        (dedupKey == null || record.question.dedupKey == dedupKey)

    private fun cursorOf(record: ApprovalRecord): String = Base64.getUrlEncoder().withoutPadding().encodeToString(record.id.toByteArray())

    private companion object {
        const val DEFAULT_LIMIT = 20L
        const val LARGEST = 100L
    }
}
