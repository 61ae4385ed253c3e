package dev.sesame.broker.inforce

import dev.sesame.broker.policy.yaml.PolicyText
import java.io.IOException
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.time.Duration
import java.time.InstantSource

/**
 * The policy's file, looked at again and again.
 *
 * A change counts once it was seen twice in a row: what an editor has written halfway may be a policy too, only another one. Each change is
 * told once. Where the file must be there ([isRequired]), its absence is an error from the start; later it always is.
 */
internal class PolicyFile(val path: Path, private val isRequired: Boolean, private val clock: InstantSource) {
    /** What a look found, compared with the last one. */
    sealed interface Seen {
        data object Same : Seen

        class Changed(val bytes: ByteArray) : Seen

        class Unreadable(val problem: String) : Seen
    }

    private var told: Content = Content.Absent
    private var glimpsed: Content? = null
    private var stamp: Stamp? = null

    /** What it says now; `null` where there is none and needn't be. [NoPolicyFile] where it can't be had. */
    fun readNow(): ByteArray? {
        stamp = stampNow()
        val content = read().also { told = it }
        return when (content) {
            is Content.Bytes -> content.bytes
            is Content.Broken -> throw NoPolicyFile("$path can't be read (${content.problem})")
            Content.Absent -> if (isRequired) throw NoPolicyFile("there is no file $path") else null
        }
    }

    fun look(): Seen {
        val now = stampNow()
        if (now != null && now == stamp && now.isOld() && glimpsed == null) return Seen.Same
        stamp = now
        val content = read()
        if (content == told) return Seen.Same.also { glimpsed = null }
        if (content != glimpsed) return Seen.Same.also { glimpsed = content }
        glimpsed = null
        told = content
        return when (content) {
            is Content.Bytes -> Seen.Changed(content.bytes)
            is Content.Broken -> Seen.Unreadable("the file can't be read (${content.problem})")
            Content.Absent -> Seen.Unreadable("the file is gone")
        }
    }

    private fun read(): Content = try {
        Content.Bytes(Files.newInputStream(path).use { it.readNBytes(PolicyText.LARGEST_BYTES + 1) })
    } catch (_: NoSuchFileException) {
        Content.Absent
    } catch (problem: IOException) {
        Content.Broken(problem.javaClass.simpleName)
    }

    private fun stampNow(): Stamp? = try {
        Stamp(Files.getLastModifiedTime(path).toMillis(), Files.size(path))
    } catch (_: IOException) {
        null
    }

    /** Two changes within the file system's grain of time have one stamp: a young one proves nothing. */
    private fun Stamp.isOld() = clock.millis() - modifiedMillis > YOUNG.toMillis()

    private data class Stamp(val modifiedMillis: Long, val size: Long)

    private sealed interface Content {
        data object Absent : Content

        class Bytes(val bytes: ByteArray) : Content {
            override fun equals(other: Any?): Boolean = other is Bytes && other.bytes.contentEquals(bytes)

            override fun hashCode(): Int = bytes.contentHashCode()
        }

        data class Broken(val problem: String) : Content
    }

    companion object {
        /** Its name in the data directory, where no other is set. */
        const val NAME = "sesame-policy.yaml"
        private val YOUNG: Duration = Duration.ofSeconds(10)
    }
}

/** The policy's file can't be had. */
internal class NoPolicyFile(message: String) : RuntimeException(message)
