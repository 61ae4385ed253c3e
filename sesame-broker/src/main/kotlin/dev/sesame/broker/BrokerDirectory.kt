package dev.sesame.broker

import dev.sesame.broker.access.BadSecretsKey
import dev.sesame.broker.access.SecretsKey
import java.io.IOException
import java.nio.channels.FileChannel
import java.nio.channels.FileLock
import java.nio.channels.OverlappingFileLockException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.TRUNCATE_EXISTING
import java.nio.file.StandardOpenOption.WRITE
import java.nio.file.attribute.PosixFilePermissions

/** The broker's directory: the database, a lock against a second broker, and the files that only its owner may read. */
internal class BrokerDirectory private constructor(val path: Path, private val lock: FileLock) : AutoCloseable {
    val database: Path get() = databaseIn(path)

    /** Keeps a credential where only the owner of the directory reads it. */
    fun keepSecret(name: String, clear: String): Path = write(name, clear)

    /** Lets commands on this machine find the running broker. */
    fun keepAddress(url: String) {
        write(ADDRESS, url)
    }

    override fun close() {
        lock.acquiredBy().use { Files.deleteIfExists(path.resolve(ADDRESS)) }
    }

    private fun write(name: String, text: String): Path {
        val file = path.resolve(name)
        privately(file)
        return Files.writeString(file, text + "\n", WRITE, TRUNCATE_EXISTING)
    }

    companion object {
        const val ADMIN_TOKEN = "admin-token"
        const val API_KEY = "api-key"
        const val WEBHOOK_SECRET = "webhook-secret"
        const val SIGN_IN_LINK = "sign-in-link"
        const val ADDRESS = "address"
        private val OWNER_ONLY = PosixFilePermissions.fromString("rw-------")

        fun databaseIn(path: Path): Path = path.resolve("sesame.db")

        /** What the database is called that was moved elsewhere. */
        fun leftIn(path: Path): Path = path.resolve("sesame.db.moved")

        private val OWNER_ENTERS = PosixFilePermissions.fromString("rwx------")

        /** Makes or takes the directory; [CannotStart] where it can't be used, another broker uses it, or its database was moved away. */
        fun take(path: Path, holdsDatabase: Boolean = true): BrokerDirectory {
            val taken = takeIfFree(path) ?: throw inUse(path)
            if (!holdsDatabase) return taken
            try {
                refuseMoved(path)
                privately(taken.database) // SQLite gives its side files the same rights
                return taken
            } catch (problem: Exception) {
                taken.close()
                throw problem as? CannotStart ?: cannotUse(path, problem)
            }
        }

        /** The same, wherever its database is; `null` where another broker uses it. */
        fun takeIfFree(path: Path): BrokerDirectory? {
            try {
                path.toAbsolutePath().parent?.let(Files::createDirectories)
                if (Files.notExists(path)) Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ENTERS))
                return lock(path.resolve("lock"))?.let { BrokerDirectory(path, it) }
            } catch (problem: IOException) {
                throw cannotUse(path, problem)
            }
        }

        /** `null` where another broker holds it, in this process or in another one. */
        private fun lock(file: Path): FileLock? {
            val channel = FileChannel.open(file, CREATE, WRITE)
            val lock = try {
                channel.tryLock()
            } catch (_: OverlappingFileLockException) {
                null
            }
            return lock.also { if (it == null) channel.close() }
        }

        /** Makes an empty file that only its owner reads, where there is none. */
        fun privately(file: Path) {
            if (Files.notExists(file)) Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY))
        }

        /** A new, empty database in the place of one that was moved would know nobody's key. */
        private fun refuseMoved(path: Path) {
            if (Files.exists(databaseIn(path)) || Files.notExists(leftIn(path))) return
            throw CannotStart("the database of $path was moved to a PostgreSQL: set SESAME_DATABASE_URL, or put ${leftIn(path)} elsewhere")
        }

        private fun cannotUse(path: Path, problem: Exception) =
            CannotStart("the data directory $path can't be used (${problem.javaClass.simpleName}: ${problem.message})", problem)

        private fun inUse(path: Path) = CannotStart("another broker uses the data directory $path: stop it, or choose another --data-dir")
    }
}

/** The broker can't start; the message is the one line that says why and what to do. */
internal class CannotStart(message: String, cause: Throwable? = null) : RuntimeException(message, cause)

/** What secrets are sealed with, made from [random] at the first start. */
internal fun BrokerDirectory.secretsKey(random: (Int) -> ByteArray): ByteArray = try {
    SecretsKey.inDirectory(path, random)
} catch (problem: BadSecretsKey) {
    throw CannotStart(problem.message.orEmpty(), problem)
}
