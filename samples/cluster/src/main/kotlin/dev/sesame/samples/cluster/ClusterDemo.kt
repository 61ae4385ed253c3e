package dev.sesame.samples.cluster

import dev.sesame.SesameException
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import kotlin.system.exitProcess

/**
 * `cluster demo [--seconds N] [--decide approve|deny] [--proxy nginx|tcp]`: two brokers on one PostgreSQL with a proxy in front, shown with one
 * of them killed, and kept for a while or until Ctrl-C. What it started ends with it.
 */
internal fun main(args: Array<String>) {
    val flags = try {
        Flags.of(args.toList())
    } catch (wrong: IllegalArgumentException) {
        System.err.println("sesame: ${wrong.message}")
        exitProcess(2)
    }
    val scratch = Files.createTempDirectory("sesame-cluster")
    val jar = Path.of(System.getProperty("sesame.broker.jar"))
    val cluster = Cluster(scratch, jar, Path.of(System.getProperty("sesame.deploy")), flags.proxy)
    val ending = Thread {
        cluster.close()
        scratch.toFile().deleteRecursively()
    }
    Runtime.getRuntime().addShutdownHook(ending)
    try {
        cluster.start()
        runBlocking { show(cluster, flags) }
    } catch (problem: SesameException) {
        failed(problem)
    } catch (problem: IOException) {
        failed(problem)
    } catch (problem: IllegalStateException) {
        failed(problem)
    }
}

/** Nobody wants to hear of what Ctrl-C cut off. */
private fun failed(problem: Exception): Nothing {
    System.err.println("sesame: the demo failed: ${problem.message}")
    exitProcess(1)
}

private suspend fun show(cluster: Cluster, flags: Flags) {
    println(cluster.addresses())
    val story = Story(cluster, flags.saysYes)
    story.decideElsewhere()
    val victim = story.killTheOneThatHolds()
    if (flags.seconds == 0L) return
    victim.start()
    println("Broker ${victim.name} is back.")
    story.staysFor(flags.seconds)
}
