package dev.sesame.samples.cluster

import java.io.File
import java.nio.file.Path
import kotlin.io.path.isExecutable

/** What stands before the brokers, and sends each call to one that is there. */
internal interface Proxy : AutoCloseable {
    val url: String

    /** What it is, for people. */
    val kind: String

    companion object {
        /** nginx with [config], where this machine has it and it is [wanted]; else a balancer of this demo's. When it returns it takes calls. */
        fun before(brokers: List<Int>, port: Int, config: Path, scratch: Path, wanted: String?): Proxy {
            val nginx = if (wanted == "tcp") null else onPath("nginx")
            check(nginx != null || wanted != "nginx") { "there is no nginx on this machine: install it, or take --proxy tcp" }
            return nginx?.let { Nginx(it, config, brokers, port, scratch.resolve("nginx")) } ?: TcpBalancer(brokers, port)
        }

        private fun onPath(program: String): Path? = (System.getenv("PATH").orEmpty().split(File.pathSeparator) + "/usr/sbin")
            .filter { it.isNotEmpty() }.map { Path.of(it, program) }.firstOrNull { it.isExecutable() }
    }
}
