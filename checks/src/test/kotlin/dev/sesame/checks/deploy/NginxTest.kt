package dev.sesame.checks.deploy

import dev.sesame.checks.SourceTree
import dev.sesame.checks.missing
import java.net.URI
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** nginx with deploy/nginx.conf, of which only addresses and places of files are changed. */
internal class NginxTest : ProxyContract({ missing("nginx", "openssl")?.let { "not on the path: $it" } }, ::NginxFront)

private class NginxFront(brokers: List<Int>) : Front {
    private val port = freePort()
    private val plainPort = freePort()
    private val directory = Files.createTempDirectory("sesame-nginx")
    private val process: ProxyProcess
    override val url = "https://localhost:$port"
    override val certificate: String

    init {
        makeCertificate(directory)
        certificate = directory.resolve("fullchain.pem").readText()
        val site = SourceTree.root.resolve("deploy/nginx.conf").readText()
            .instead("127.0.0.1:8700", "127.0.0.1:${brokers[0]}")
            .instead("127.0.0.1:8701", "127.0.0.1:${brokers[1]}")
            .instead("listen 80;", "listen 127.0.0.1:$plainPort;")
            .instead("    listen [::]:80;\n", "")
            .instead("listen 443 ssl http2;", "listen 127.0.0.1:$port ssl http2;")
            .instead("    listen [::]:443 ssl http2;\n", "")
            .instead("sesame.example.com", "localhost")
            .instead("/etc/ssl/sesame", "$directory")
        directory.resolve("sesame.conf").writeText(site)
        val main = directory.resolve("nginx.conf").also { it.writeText(MAIN) }
        val log = "$directory/errors.log"
        process = ProxyProcess(listOf("nginx", "-p", "$directory", "-c", "$main", "-e", log), directory, emptyMap(), port)
    }

    override fun close() {
        val log = directory.resolve("access.log").readText()
        process.close()
        directory.toFile().deleteRecursively()
        check("/v1/approvals" in log) { "nginx kept no log" }
        check("/sign-in/" !in log) { "a link that signs in stands in nginx's log" }
    }

    private companion object {
        val MAIN =
            """
            daemon off;
            pid nginx.pid;
            worker_processes 1;
            events { worker_connections 1024; }
            http {
                access_log access.log;
                client_body_temp_path bodies;
                proxy_temp_path answers;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                include sesame.conf;
            }
            """.trimIndent()
    }
}

private fun String.instead(of: String, there: String): String {
    check(of in this) { "deploy/nginx.conf has no $of" }
    return replace(of, there)
}

private fun makeCertificate(directory: Path) {
    val words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost " +
        "-addext subjectAltName=DNS:localhost -keyout privkey.pem -out fullchain.pem"
    val made = ProcessBuilder(words.split(' ')).directory(directory.toFile()).redirectErrorStream(true).start()
    val said = made.inputReader().readText()
    check(made.waitFor() == 0) { said }
}
