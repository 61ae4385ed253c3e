package dev.sesame.bench.rates

import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.APPEND
import java.nio.file.StandardOpenOption.CREATE

/** Appends of 1 KB to a file, each flushed before the next: what a commit costs at least where it shares its flush with no other. */
internal object FlushFloor {
    private const val BLOCK_BYTES = 1024

    fun run(dir: Path, seconds: Double): Load {
        val file = dir.resolve("flush-floor")
        return try {
            Load.of(callers = 1, seconds) { Appending(file) }
        } finally {
            Files.deleteIfExists(file)
        }
    }

    private class Appending(file: Path) : Caller {
        private val channel = FileChannel.open(file, CREATE, APPEND)
        private val block = ByteBuffer.allocate(BLOCK_BYTES)

        override fun call(): Boolean {
            channel.write(block.clear())
            channel.force(false)
            return true
        }

        override fun close() = channel.close()
    }
}
