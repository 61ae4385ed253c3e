package dev.sesame.bench.faults

import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.WRITE

/** A disk of its own for one directory, small enough to fill: an ext4 in a file. It takes root, and a system that mounts such files. */
internal class SmallDisk private constructor(private val place: Path, image: Path) : AutoCloseable {
    private val filler = place.resolve("filler")
    private val endWithUs = Thread { run("umount", "-l", "$place") }.also(Runtime.getRuntime()::addShutdownHook)

    init {
        Files.delete(image) // what is mounted keeps it
    }

    /** Takes all the room that is left. */
    fun fill() {
        FileChannel.open(filler, CREATE, WRITE).use { file ->
            var piece = LARGE
            while (piece > 0) {
                try {
                    file.write(ByteBuffer.allocate(piece))
                    file.force(false)
                } catch (_: IOException) {
                    piece /= 2
                }
            }
        }
    }

    fun empty() = Files.delete(filler)

    /** From now on nothing on it can be written, also by who has it open. */
    fun makeReadOnly() = check(run("chattr", "-R", "+i", "$place")) { "the files in $place can't be made read-only" }

    fun makeWritable() = check(run("chattr", "-R", "-i", "$place")) { "the files in $place can't be made writable again" }

    override fun close() {
        run("umount", "$place")
        Runtime.getRuntime().removeShutdownHook(endWithUs)
    }

    companion object {
        private const val BYTES = 160L * 1024 * 1024
        private const val LARGE = 1024 * 1024

        /** One at [place], which is made; `null` where this user or this system can't. */
        fun at(place: Path): SmallDisk? {
            val image = Files.createDirectories(place).resolveSibling("disk.ext4")
            FileChannel.open(image, CREATE, WRITE).use { it.write(ByteBuffer.allocate(1), BYTES - 1) }
            val isThere = run("mkfs.ext4", "-q", "-m", "0", "$image") && run("mount", "-o", "loop", "$image", "$place")
            return if (isThere) SmallDisk(place, image) else null.also { Files.delete(image) }
        }

        private fun run(vararg command: String): Boolean = try {
            ProcessBuilder(*command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0
        } catch (_: IOException) { // there is no such command
            false
        }
    }
}
