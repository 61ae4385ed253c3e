package dev.sesame.bench.once

import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.APPEND
import java.nio.file.StandardOpenOption.CREATE
import java.util.concurrent.atomic.AtomicInteger
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name

/** What a worker really did: a line before and one after each run, on the disk before it goes on, in a file that no other process writes. */
internal class Effects(file: Path, private val worker: String) {
    private val channel = FileChannel.open(file, CREATE, APPEND)
    private val count = AtomicInteger()

    /** Returns the run's name, which no other run has. */
    fun begin(id: String): String = "$worker.${count.incrementAndGet()}".also { note("begin $id $it") }

    fun end(id: String, run: String) = note("end $id $run")

    /** To the queue alone. */
    @Synchronized
    fun tell(line: String) {
        println(line)
        System.out.flush()
    }

    private fun note(line: String) {
        synchronized(channel) {
            channel.write(ByteBuffer.wrap("$line\n".toByteArray()))
            channel.force(true)
        }
        tell(line)
    }

    companion object {
        private const val PREFIX = "effects-"

        fun fileOf(scratch: Path, worker: String): Path = scratch.resolve("$PREFIX$worker.txt")

        /** The runs of each message, as all files in [scratch] tell them. */
        fun read(scratch: Path): Map<String, List<BlockRun>> {
            val lines = scratch.listDirectoryEntries().filter { it.name.startsWith(PREFIX) }.flatMap { Files.readAllLines(it) }
                .map { it.split(' ').also { words -> check(words.size == WORDS) { "an effects file holds $words" } } }
            val ended = lines.filter { it[0] == "end" }.map { it[2] }.toSet()
            return lines.filter { it[0] == "begin" }.groupBy({ it[1] }) { BlockRun(it[2], it[2] in ended) }
        }

        private const val WORDS = 3
    }
}
