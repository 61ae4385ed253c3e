package dev.sesame.browser

import java.nio.file.Path
import java.util.concurrent.TimeUnit.SECONDS

/** A broker in a process of its own, on a free port; ready when it is made. */
internal class RunningBroker(dataDir: Path, environment: Map<String, String> = emptyMap()) : AutoCloseable {
    private val process: Process = ProcessBuilder(
        ProcessHandle.current().info().command().get(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.sesame.broker.AppKt",
        "broker",
        "--port",
        "0",
        "--data-dir",
        "$dataDir",
    ).apply {
        environment().keys.removeIf { it.startsWith("SESAME_") }
        environment() += environment
    }.redirectError(ProcessBuilder.Redirect.INHERIT).start()

    private val lines = process.inputReader()

    /** Where it serves. */
    val url: String = generateSequence { lines.readLine() }.firstNotNullOfOrNull { ready.find(it) }?.groupValues?.get(1)
        ?: error("the broker didn't start")

    private val drain = Thread.ofVirtual().start { lines.forEachLine { } }

    override fun close() {
        process.destroy()
        if (!process.waitFor(20, SECONDS)) process.destroyForcibly()
        drain.join()
    }

    private companion object {
        val ready = Regex("""ready on (http://\S+)""")
    }
}
