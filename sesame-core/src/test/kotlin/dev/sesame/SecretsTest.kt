package dev.sesame

import dev.sesame.internal.Settings
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import java.io.IOException
import kotlin.time.Duration

/** Whatever is printed, the key isn't in it. */
class SecretsTest :
    FunSpec({
        test("no text of a client, its settings or its configuration shows the key") {
            val config = SesameConfig().apply {
                apiKey = KEY
                brokerUrl = ADDRESS
            }
            "$config" shouldBe "SesameConfig(brokerUrl=$ADDRESS)"
            "${Settings(KEY, ADDRESS)}" shouldBe "Settings($ADDRESS)"
            ScriptedHttp().sesame().use { "$it" } shouldBe "Sesame($ADDRESS)"
            Approvers(TOKEN) { brokerUrl = ADDRESS }.use { "$it" } shouldBe "Approvers($ADDRESS)"
        }

        test("no text of a configuration shows a password or token in its address") {
            mapOf(
                "https://name:hidden@broker.example:8443/path" to "…@broker.example:8443/path",
                "https://hid@den:hidden@broker.example" to "…@broker.example",
                "name:hidden@broker.example" to "…@broker.example",
                "https://broker.example?token=hidden" to "https://broker.example",
                "https://broker.example/#hidden" to "https://broker.example/",
            ).forEach { (url, shown) -> "${SesameConfig().apply { brokerUrl = url }}" shouldBe "SesameConfig(brokerUrl=$shown)" }
            "${SesameConfig()}" shouldBe "SesameConfig(brokerUrl=null)"
        }

        test("no failure shows it, whatever a broken broker echoes") {
            val faults: List<suspend (Sent) -> Reply> = listOf(
                { throw IOException("reset") },
                { Reply("<html>$KEY</html>") },
                { Reply("<html>$KEY</html>", 500) },
                { Reply("<html>$KEY</html>", 404) },
                { Reply("""{"approval_id": "$KEY"""", 401) },
                { Reply("<html>$KEY</html>", 302) },
            )
            faults.forEach { fault ->
                val http = ScriptedHttp().apply { on(Step.OPEN, fault) }
                http.refusal { retryFor = Duration.ZERO }.message!! shouldNotContain KEY
            }
        }
    })
