package dev.sesame.bench.peers

import dev.sesame.bench.Proc
import dev.sesame.bench.waits.Deciders
import java.nio.file.Path

/** A product with its server, which lives through the whole run where it is a process of its own. */
internal interface Peer : AutoCloseable {
    /** Returns when the server is ready, with its data in [dir]; an [UnavailableException] says why it can't be had on this machine. */
    fun start(dir: Path)

    /** What it is, what it keeps on disk, and what it was given beyond its defaults: a line each. */
    fun describe(): List<String>

    /** Its programs, for one turn; what becomes of their calls goes to [calls]. */
    fun begin(calls: Calls): Program
}

/** The programs that ask, in this JVM, and those who decide. */
internal interface Program : AutoCloseable {
    val deciders: Deciders

    /** The server's process; `null` where the server is in this JVM. */
    val server: Proc?

    /** Asks call number [index], which waits from then on; its id goes to the calls as soon as it can be decided. */
    fun ask(index: Int)

    /** Returns when whoever keeps the decisions can tell each of the [count] calls that were asked. */
    fun untilParked(count: Int)

    /** What its server holds for the calls, in bytes; `null` where that is on this JVM's heap. */
    fun serverBytes(): Double?
}

/** It can't be had here, which is no fault of it. */
internal class UnavailableException(message: String, cause: Throwable? = null) : Exception(message, cause)
