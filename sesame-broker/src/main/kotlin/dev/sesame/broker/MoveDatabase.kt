package dev.sesame.broker

import dev.sesame.broker.access.Ids
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.postgres.CommitUnknown
import dev.sesame.broker.store.postgres.fillPostgres
import dev.sesame.broker.store.sql.Arrived
import dev.sesame.broker.store.sql.SqlEpochStore
import dev.sesame.broker.store.sqlite.MoveStep
import dev.sesame.broker.store.sqlite.MovingFile
import dev.sesame.broker.store.sqlite.SqliteDatabase
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.time.Clock
import java.time.ZoneOffset
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** What [arrived] in its new place, how long nobody could write, and what the file is called that was left; `null`: a broker has it still. */
internal class Moved(val arrived: Arrived, val refused: Duration, val leftAs: Path?)

/**
 * Moves the database in [directory], whole, into the empty PostgreSQL [to], also beside a running broker: all in one transaction, which is
 * committed once the rows are counted and the audit there is verified. Meanwhile nobody writes to the file, and from just before the commit on
 * nobody ever will, so that nothing is granted at both places. A broker that runs on it sees that it was moved, and ends.
 *
 * What was cut off is done by another call: it looks what arrived. [CannotStart] says why nothing was moved, or isn't known to be. [at] is told
 * each step when it is done.
 */
internal fun moveDatabase(
    directory: Path,
    to: DatabaseConfig,
    time: TimeSource = TimeSource.Monotonic,
    at: (MoveStep) -> Unit = {},
): Moved = try {
    val file = BrokerDirectory.databaseIn(directory)
    val left = BrokerDirectory.leftIn(directory)
    if (Files.notExists(file)) throw CannotStart("there is no database in $directory")
    if (Files.exists(left)) throw CannotStart("$left is there, from a move before this one: put it elsewhere first")
    BrokerDirectory.takeIfFree(directory).use { own ->
        var held = time.markNow()
        val arrived = MovingFile(file).use { from ->
            prepare(from, file, to, isRunning = own == null)
            val arrived = fillPostgres(to.toAddress()) { target ->
                from.moveInto(target, to.place()) {
                    if (it == MoveStep.HELD) held = time.markNow()
                    at(it)
                }
            }
            at(MoveStep.COMMITTED)
            arrived.also { finish(from, to) }
        }
        val refused = held.elapsedNow()
        at(MoveStep.FINISHED)
        Moved(arrived, refused, left.takeIf { leave(directory, own, to) })
    }
} catch (problem: CommitUnknown) {
    throw CannotStart(
        "whether all was moved to ${to.place()} is not known, since ${problem.message}: run this again, which looks there. " +
            "Until then nothing can be written in $directory",
        problem,
    )
} catch (problem: StoreUnavailable) {
    throw CannotStart("nothing was moved to ${to.place()}: ${problem.message}", problem)
}

/**
 * Takes the seal of a move off that was cut off before it arrived in the PostgreSQL [from]: that is looked at while nobody can write there, and
 * a commit that is under way is waited for. Without [from], somebody is sure that this PostgreSQL is no more.
 */
internal fun takeBackDatabase(directory: Path, from: DatabaseConfig?) {
    val file = BrokerDirectory.databaseIn(directory)
    if (Files.notExists(file)) throw CannotStart("there is no database in $directory")
    try {
        MovingFile(file).use { moving ->
            val place = moving.sealedFor
            if (from == null) return moving.takeBack(null)
            if (place != null && place != from.place()) throw CannotStart("it was to be moved to $place: name that one")
            fillPostgres(from.toAddress()) { moving.takeBack(it) }
        }
    } catch (_: CommitUnknown) {
        // There was nothing to commit.
    } catch (problem: StoreUnavailable) {
        throw CannotStart("nothing was taken back: ${problem.message}", problem)
    }
}

/** Both databases are to have the same schema, and what is at stake for a running broker is looked at before it is held up. */
private fun prepare(from: MovingFile, file: Path, to: DatabaseConfig, isRunning: Boolean) {
    val place = from.sealedFor
    when {
        place != null -> if (place != to.place()) throw CannotStart("a move of it to $place was begun: run this with that one again")

        isRunning -> if (from.isOlder) throw CannotStart("the broker that runs on it is older than this program: upgrade it first")

        else -> SqliteDatabase(file).use { database ->
            val now = Clock.tickMillis(ZoneOffset.UTC).instant()
            runBlocking { epochOf(database, SqlEpochStore(database), Ids(secureRandom()).bare(), now) }
        }
    }
}

private fun finish(from: MovingFile, to: DatabaseConfig) = try {
    from.finish()
} catch (problem: StoreUnavailable) {
    throw CannotStart("all was moved to ${to.place()}, but ${problem.message}: run this again", problem)
}

/** Renames the file, so that all see that it is no more, once nobody has it; `false`: somebody still has, though not to write. */
private fun leave(directory: Path, own: BrokerDirectory?, to: DatabaseConfig): Boolean {
    val free = own ?: runBlocking { freed(directory) } ?: return false
    free.use {
        MovingFile(free.database).close() // whoever closes it last brings into the file what lies beside it
        val beside = free.database.resolveSibling("${free.database.fileName}-wal")
        if (Files.exists(beside)) {
            throw CannotStart("all was moved to ${to.place()}, but ${free.database} is still open somewhere: run this again")
        }
        try {
            Files.move(free.database, BrokerDirectory.leftIn(directory))
        } catch (problem: IOException) {
            throw CannotStart("all was moved to ${to.place()}, but ${free.database} can't be renamed: put it elsewhere", problem)
        }
    }
    return true
}

/** The directory, once the broker that had it has ended. */
private suspend fun freed(directory: Path): BrokerDirectory? {
    val end = TimeSource.Monotonic.markNow() + ENDS_WITHIN
    while (end.hasNotPassedNow()) BrokerDirectory.takeIfFree(directory)?.let { return it } ?: delay(LOOKS)
    return null
}

/** A broker looks each second, and stops within 10 s. */
private val ENDS_WITHIN = 20.seconds
private val LOOKS = 100.milliseconds
