package dev.sesame.samples.cluster

import java.io.IOException
import java.net.InetAddress
import java.net.Socket
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** nginx with the server of `deploy/nginx.conf`, but for TLS: on loopback there is nobody to keep out. */
internal class Nginx(program: Path, config: Path, brokers: List<Int>, port: Int, directory: Path) : Proxy {
    override val url = "http://127.0.0.1:$port"
    override val kind = "nginx with the settings of deploy/nginx.conf, without TLS"
    private val log = Files.createDirectories(directory).resolve("nginx.log")
    private val process: Process

    init {
        directory.resolve("sesame.conf").writeText(plain(config.readText(), brokers, port))
        val main = directory.resolve("nginx.conf").also { it.writeText(MAIN) }
        process = ProcessBuilder("$program", "-p", "$directory", "-c", "$main", "-e", "$log")
            .redirectErrorStream(true).redirectOutput(log.toFile()).start()
        awaitListening(port)
    }

    override fun close() {
        process.destroy()
        if (!process.waitFor(STOP_SECONDS, SECONDS)) process.destroyForcibly()
    }

    private fun awaitListening(port: Int) {
        repeat(LOOKS) {
            try {
                return Socket(InetAddress.getLoopbackAddress(), port).close()
            } catch (_: IOException) {
                if (process.waitFor(LOOK_MS, MILLISECONDS)) error("nginx didn't start: ${log.readText().trim()}")
            }
        }
        close()
        error("nginx isn't listening after ${LOOKS * LOOK_MS / 1_000} s: ${log.readText().trim()}")
    }

    internal companion object {
        private const val LOOK_MS = 20L
        private const val LOOKS = 3_000
        private const val STOP_SECONDS = 5L
        private val MAIN =
            """
            daemon off;
            pid nginx.pid;
            worker_processes 1;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path bodies;
                proxy_temp_path answers;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                include sesame.conf;
            }
            """.trimIndent()
        private val redirect = Regex("""server \{\s+listen 80;.*?\n}\n""", RegexOption.DOT_MATCHES_ALL)
        private val secure = Regex("""(?m)^ +(?:listen \[::]:443|ssl_).*\n""")

        /** [config] for these [brokers], listening on loopback at [port] and without TLS. */
        fun plain(config: String, brokers: List<Int>, port: Int): String = config
            .instead("127.0.0.1:8700", "127.0.0.1:${brokers[0]}")
            .instead("127.0.0.1:8701", "127.0.0.1:${brokers[1]}")
            .instead("listen 443 ssl http2;", "listen 127.0.0.1:$port;")
            .replace(redirect, "")
            .replace(secure, "")

        private fun String.instead(of: String, there: String): String {
            check(of in this) { "deploy/nginx.conf has no $of: the demo and the file don't fit any more" }
            return replace(of, there)
        }
    }
}
