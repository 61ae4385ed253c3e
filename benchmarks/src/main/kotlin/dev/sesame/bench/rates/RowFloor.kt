package dev.sesame.bench.rates

import java.sql.Connection
import java.util.concurrent.ArrayBlockingQueue
import java.util.concurrent.CompletableFuture
import kotlin.concurrent.thread

/**
 * What the database alone can do: rows of 1 KB through its driver, each on disk before it counts. Once with a connection and a transaction for
 * each caller, as the engine would be used without thought; once through one writer that takes whatever waits, as the broker uses it.
 */
internal class RowFloor(private val connect: () -> Connection) {
    init {
        connect().use { it.createStatement().use { statement -> statement.execute("CREATE TABLE IF NOT EXISTS rows (row TEXT NOT NULL)") } }
    }

    fun each(callers: Int, seconds: Double): Load = Load.of(callers, seconds) { ownTransactions() }

    fun grouped(callers: Int, seconds: Double): Load = Writer(connect()).use { writer -> Load.of(callers, seconds) { writer.caller() } }

    private fun ownTransactions() = object : Caller {
        private val connection = connect()
        private val insert = connection.prepareStatement(INSERT)

        override fun call(): Boolean {
            insert.setString(1, ROW)
            insert.executeUpdate() // its commit flushes
            return true
        }

        override fun close() = connection.close()
    }

    private class Writer(private val connection: Connection) : AutoCloseable {
        private val waiting = ArrayBlockingQueue<CompletableFuture<Unit>>(LONGEST_QUEUE)
        private val worker = thread(name = "floor-writer", isDaemon = true) { write() }

        fun caller() = object : Caller {
            override fun call(): Boolean {
                CompletableFuture<Unit>().also(waiting::put).join()
                return true
            }

            override fun close() = Unit
        }

        private fun write() {
            connection.autoCommit = false
            val insert = connection.prepareStatement(INSERT)
            val group = ArrayList<CompletableFuture<Unit>>()
            try {
                while (true) {
                    group += waiting.take()
                    waiting.drainTo(group, LARGEST_GROUP - 1)
                    group.forEach { _ ->
                        insert.setString(1, ROW)
                        insert.addBatch()
                    }
                    insert.executeBatch()
                    connection.commit()
                    group.onEach { it.complete(Unit) }.clear()
                }
            } catch (_: InterruptedException) {
                // The floor is measured.
            } catch (problem: Exception) { // whatever it is, its callers must hear of it
                (group + waiting).forEach { it.completeExceptionally(problem) }
            }
        }

        override fun close() {
            worker.interrupt()
            worker.join()
            connection.close()
        }
    }

    private companion object {
        const val INSERT = "INSERT INTO rows (row) VALUES (?)"
        const val LARGEST_GROUP = 256
        const val LONGEST_QUEUE = 10_000
        val ROW = "x".repeat(1_000)
    }
}
