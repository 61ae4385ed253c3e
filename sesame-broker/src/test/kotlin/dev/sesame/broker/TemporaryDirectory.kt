package dev.sesame.broker

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.ConcurrentLinkedQueue

private val made = ConcurrentLinkedQueue<Path>().also { paths ->
    Runtime.getRuntime().addShutdownHook(Thread { paths.forEach { it.toFile().deleteRecursively() } })
}

/** A new directory that is gone when the tests' process is. */
internal fun temporaryDirectory(): Path = Files.createTempDirectory("sesame-test").also(made::add)
