package dev.sesame.checks.deploy

import dev.sesame.checks.SourceTree
import dev.sesame.checks.missing
import java.nio.file.Files
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** Caddy with deploy/Caddyfile as it stands, for localhost, where it makes the certificate itself. */
internal class CaddyTest : ProxyContract({ missing("caddy")?.let { "not on the path: $it" } }, ::CaddyFront)

private class CaddyFront(brokers: List<Int>) : Front {
    private val port = freePort()
    private val directory = Files.createTempDirectory("sesame-caddy")
    private val process: ProxyProcess
    override val url = "https://localhost:$port"
    override val certificate: String get() = directory.resolve("data/caddy/pki/authorities/local/root.crt").readText()

    init {
        // Nothing of this machine's is changed: no port 80, no certificate put among those it trusts.
        val main = directory.resolve("Caddyfile")
        main.writeText(
            "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\nimport ${SourceTree.root}/deploy/Caddyfile\n",
        )
        val environment = mapOf(
            "SITE" to url,
            "BROKERS" to brokers.joinToString(" ") { "127.0.0.1:$it" },
            "XDG_DATA_HOME" to "$directory/data",
            "XDG_CONFIG_HOME" to "$directory/config",
            "HOME" to "$directory",
        )
        process = ProxyProcess(listOf("caddy", "run", "--config", "$main", "--adapter", "caddyfile"), directory, environment, port)
    }

    override fun close() {
        process.close()
        directory.toFile().deleteRecursively()
    }
}
