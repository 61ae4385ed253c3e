package dev.sesame.bench.peers

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.exists

/**
 * Restate's server as npm has it, fetched into [dir] when a run wants it for the first time.
 *
 * It is under the Business Source License: tried here, on the machine that fetched it, and part of nothing that this project gives away.
 */
internal class RestatePackage(private val dir: Path) {
    /** The program; an [UnavailableException] says why it can't be had. */
    fun program(): Path {
        // The package of one platform alone: the one around it runs a counter of installations.
        val name = "@restatedev/restate-server-${platform()}"
        val program = dir.resolve("node_modules/$name/bin/restate-server")
        if (!program.exists()) fetch("$name@$VERSION")
        if (!program.exists()) throw UnavailableException("npm fetched $name@$VERSION, and no program is in it")
        return program
    }

    private fun fetch(what: String) {
        val log = Files.createDirectories(dir).resolve("npm.log").toFile()
        val npm = ProcessBuilder(
            listOf("npm", "install", "--prefix", "$dir", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", what),
        )
        npm.environment() += mapOf("npm_config_update_notifier" to "false", "npm_config_package_lock" to "false")
        val fetching = try {
            npm.redirectErrorStream(true).redirectOutput(log).start()
        } catch (missing: IOException) {
            throw UnavailableException("npm isn't installed", missing)
        }
        val isOver = fetching.waitFor(FETCH_S, TimeUnit.SECONDS)
        if (!isOver) fetching.destroyForcibly()
        if (!isOver || fetching.exitValue() != 0) throw UnavailableException("npm could not fetch $what: $log says why")
    }

    private fun platform(): String {
        val system = System.getProperty("os.name")
        val machine = System.getProperty("os.arch")
        val os = if (system == "Linux") "linux" else "darwin".takeIf { system.startsWith("Mac") }
        val cpu = mapOf("amd64" to "x64", "x86_64" to "x64", "aarch64" to "arm64")[machine]
        if (os == null || cpu == null) throw UnavailableException("npm has no server for $system on $machine")
        return "$os-$cpu"
    }

    companion object {
        const val VERSION = "1.7.12"
        private const val FETCH_S = 300L
    }
}
