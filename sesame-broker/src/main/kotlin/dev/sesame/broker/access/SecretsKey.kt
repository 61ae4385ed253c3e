package dev.sesame.broker.access

import java.io.IOException
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import java.nio.file.attribute.PosixFileAttributeView
import java.nio.file.attribute.PosixFilePermission
import java.nio.file.attribute.PosixFilePermissions
import java.util.Base64

/** The key under which secrets lie on the disk: 32 bytes as base64, from the environment or from a file that only its owner reads. */
internal object SecretsKey {
    const val VARIABLE = "SESAME_SECRETS_KEY"
    const val FILE = "secrets.key"
    private const val BYTES = 32
    private val ownerOnly = PosixFilePermissions.fromString("rw-------")
    private val others = PosixFilePermission.entries.filterNot { it.name.startsWith("OWNER_") }.toSet()

    /** The key in [text], which stands in [place]; [BadSecretsKey] where it is none. */
    fun parse(text: String, place: String): ByteArray {
        val key = try {
            Base64.getDecoder().decode(text.trim())
        } catch (_: IllegalArgumentException) {
            throw BadSecretsKey(
                "$place is no base64: it must be that of $BYTES random bytes, as \"openssl rand -base64 $BYTES\" makes them",
            )
        }
        if (key.size !=
            BYTES
        ) {
            throw BadSecretsKey("$place holds ${key.size} bytes, not $BYTES: \"openssl rand -base64 $BYTES\" makes such a key")
        }
        if (key.toSet().size < BYTES / 4) throw BadSecretsKey("$place holds no random key: \"openssl rand -base64 $BYTES\" makes one")
        return key
    }

    /**
     * The key in the file `secrets.key` of [directory]; made from [random] where there is none, and then on the disk before this returns.
     * [BadSecretsKey] where it can't be read or made, is none, or others may read it.
     */
    fun inDirectory(directory: Path, random: (Int) -> ByteArray): ByteArray {
        val file = directory.resolve(FILE)
        try {
            if (Files.notExists(file)) make(file, Base64.getEncoder().encodeToString(random(BYTES)) + "\n")
            val rights = Files.getFileAttributeView(file, PosixFileAttributeView::class.java)?.readAttributes()?.permissions().orEmpty()
            if (rights.any { it in others }) throw BadSecretsKey("others than its owner may use $file: chmod 600 it")
            return parse(Files.readString(file), "$file")
        } catch (problem: IOException) {
            throw BadSecretsKey("$file can't be used (${problem.javaClass.simpleName}: ${problem.message})")
        }
    }

    /** Whole or not at all: a key that lost its end in a crash would take all secrets with it. */
    private fun make(file: Path, text: String) {
        val unfinished = file.resolveSibling("$FILE.new")
        Files.deleteIfExists(unfinished)
        Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(ownerOnly))
        Files.writeString(unfinished, text, WRITE)
        FileChannel.open(unfinished, WRITE).use { it.force(true) }
        Files.move(unfinished, file, ATOMIC_MOVE)
        FileChannel.open(file.toAbsolutePath().parent, READ).use { it.force(true) }
    }
}

/** There is no usable key for the secrets; the message is the one line that says why and what to do. */
internal class BadSecretsKey(message: String) : RuntimeException(message)
