package dev.sesame.broker.store.sqlite

import org.jdbi.v3.core.statement.DefaultStatementBuilder
import org.jdbi.v3.core.statement.StatementContext
import java.sql.Connection
import java.sql.PreparedStatement
import java.sql.Statement
import java.util.IdentityHashMap

/**
 * Keeps the prepared statements of one connection for the next use of the same text: this engine compiles each anew, which costs more than
 * most of them take to run. The driver of the other engine does this by itself.
 */
internal class KeptStatements : DefaultStatementBuilder() {
    private val free = object : LinkedHashMap<String, PreparedStatement>(MOST, LOAD, true) {
        override fun removeEldestEntry(eldest: Map.Entry<String, PreparedStatement>): Boolean =
            (size > MOST).also { if (it) eldest.value.close() }
    }

    /** By which text those in use were made: whoever gives one back tells another, with the names of its parameters. */
    private val textOf = IdentityHashMap<Statement, String>()

    override fun create(connection: Connection, sql: String, context: StatementContext): PreparedStatement {
        if (context.isReturningGeneratedKeys || context.isConcurrentUpdatable) return super.create(connection, sql, context)
        // The driver closes by itself those that failed.
        val kept = free.remove(sql)?.takeUnless { it.isClosed } ?: super.create(connection, sql, context)
        return kept.also { textOf[it] = sql }
    }

    /** What was read of it was closed before, so it holds no place in the database any more. */
    override fun close(connection: Connection, sql: String, statement: Statement) {
        val text = textOf.remove(statement)
        if (text == null || statement !is PreparedStatement || statement.isClosed) return super.close(connection, sql, statement)
        statement.clearBatch()
        statement.clearParameters()
        free.put(text, statement)?.close()
    }

    override fun close(connection: Connection) {
        free.values.forEach { it.close() }
        free.clear()
    }

    private companion object {
        /** Lists in a statement make as many texts of it as they have lengths. */
        const val MOST = 200
        const val LOAD = 0.75f
    }
}
