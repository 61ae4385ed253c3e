package dev.sesame.broker.store.postgres

import org.jdbi.v3.core.ConnectionException
import org.jdbi.v3.core.JdbiException
import java.sql.SQLException

/**
 * What [use] comes to, on a connection that lives: a server that was started anew leaves the pool's connections dead, which shows at their next
 * use, and then the pool has one less of them. For what may run more than once.
 */
internal fun <T> onLiving(use: () -> T): T {
    repeat(CONNECTIONS) {
        try {
            return use()
        } catch (problem: JdbiException) {
            if (problem is ConnectionException || !problem.isBroken()) throw problem
        }
    }
    return use()
}

private fun JdbiException.isBroken(): Boolean = generateSequence<Throwable>(this) { it.cause }.filterIsInstance<SQLException>()
    .any { problem -> problem.sqlState.orEmpty().let { it.startsWith("08") || it.startsWith("57P0") } }

/** Connections of one broker to its database: one writes, and what the others read takes a millisecond or two. */
internal const val CONNECTIONS = 9
