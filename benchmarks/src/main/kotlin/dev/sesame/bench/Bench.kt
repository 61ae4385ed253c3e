package dev.sesame.bench

import java.nio.file.Files
import java.nio.file.Path
import kotlin.system.exitProcess

/** `bench NAME [OPTION VALUE]…`: prints what was measured; the exit code is 1 where anything was lost or ran twice. */
internal fun main(args: Array<String>) {
    val isGood = try {
        run(args.toList())
    } catch (wrong: IllegalArgumentException) {
        System.err.println("sesame: ${wrong.message}")
        exitProcess(2)
    }
    exitProcess(if (isGood) 0 else 1)
}

private fun run(args: List<String>): Boolean {
    val measurement = requireNotNull(Measurement.all.find { it.name == args.firstOrNull() }) {
        Measurement.all.joinToString("\n  ", prefix = "bench takes one of\n  ")
    }
    val bench = measurement.runOf(args.drop(1))
    val scratch = Files.createTempDirectory(Files.createDirectories(Path.of(System.getProperty("sesame.bench.dir", "target"))), "bench-")
    val isGood = bench(scratch)
    if (isGood) scratch.toFile().deleteRecursively() else println("What was recorded, and the broker's data, stay in $scratch")
    return isGood
}
