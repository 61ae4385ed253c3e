package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.sql.Transactions
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.Jdbi
import org.jdbi.v3.core.JdbiException
import org.postgresql.util.PSQLState
import java.sql.SQLException

/**
 * The writing transactions of all brokers on this database, one after the other: each first takes an advisory lock that it holds to its end.
 *
 * This buys three things at once. Nobody writes between a read and a write of a transaction, so that what is judged there (the last admin,
 * how many sessions, whether a code was used, who may answer) holds as it does with the embedded database. Events are numbered in the order
 * of their commits, so that whoever follows them by their numbers misses none. And each entry of the audit is bound to the one before it.
 *
 * PostgreSQL lets go of the lock only once the commit can be seen, and under READ COMMITTED each statement looks anew: what comes after the
 * lock sees all that was written before it. One transaction holds all that waited at its broker meanwhile, so that the turns cost one flush
 * for many writes.
 */
internal class WriterTurns(private val jdbi: Jdbi) : Transactions {
    /**
     * What the server prepared before a newer broker brought the schema further fails once on each connection, which is then given up; nothing
     * was committed, so it is run again.
     */
    override fun run(writes: (Handle) -> Unit) {
        repeat(CONNECTIONS) {
            try {
                return once(writes)
            } catch (problem: JdbiException) {
                if (!isOfOlderSchema(problem)) throw problem
            }
        }
        once(writes)
    }

    private fun isOfOlderSchema(problem: Throwable) =
        generateSequence(problem) { it.cause }.any { (it as? SQLException)?.sqlState == PSQLState.NOT_IMPLEMENTED.state }

    private fun once(writes: (Handle) -> Unit) {
        inTurn().use { handle ->
            try {
                writes(handle)
                handle.connection.clearWarnings() // of its beginning, such as one about a setting: no word about this commit
                handle.commit()
            } catch (problem: Throwable) {
                rollBack(handle, problem)
                throw problem
            }
            refuseUnreplicated(handle)
        }
    }

    /** A commit that waits for a standby and is made to wait no longer, by `pg_cancel_backend`, is told as good, with a warning. */
    private fun refuseUnreplicated(handle: Handle) {
        handle.connection.warnings?.let { throw StoreUnavailable("it was committed, and no standby has it: ${it.message}", it) }
    }

    /** A transaction that has its turn, and nothing else yet: so another connection may be taken where one is dead. */
    private fun inTurn(): Handle = onLiving {
        val handle = jdbi.open()
        try {
            handle.begin()
            handle.createQuery(TAKE_TURN).map { _, _ -> true }.one()
            handle
        } catch (problem: Throwable) {
            rollBack(handle, problem)
            handle.close()
            throw problem
        }
    }

    private fun rollBack(handle: Handle, problem: Throwable) = try {
        handle.rollback()
        Unit
    } catch (another: RuntimeException) { // the connection is gone, and the transaction with it
        problem.addSuppressed(another)
    }

    override fun close() = Unit

    companion object {
        /**
         * The settings hold for this transaction alone, and so also where a pooler lends another connection to each. A broker that is stopped in
         * the middle of its turn loses it: the server ends its session. No setting of the server's makes an acknowledged write less than flushed.
         */
        const val TAKE_TURN = "SELECT set_config('lock_timeout', '5s', true), set_config('statement_timeout', '10s', true), " +
            "set_config('idle_in_transaction_session_timeout', '10s', true), " +
            "CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', true) END, " +
            "pg_advisory_xact_lock(1936028525, hashtext(current_schema()))"
    }
}
