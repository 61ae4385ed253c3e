package dev.sesame.broker

import dev.sesame.broker.notice.telegram.BotApiServer
import dev.sesame.broker.store.random
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import java.net.InetAddress
import java.net.ServerSocket
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import java.util.Base64
import kotlin.io.path.readBytes
import kotlin.io.path.writeText

/** A broker that can't serve says why in one line and exits with 1. */
class RefusedStartProcessTest :
    FunSpec({
        fun refused(process: BrokerProcess, vararg words: String) = process.use {
            it.exitCode() shouldBe 1
            withClue("out: ${it.out}\nerr: ${it.err}") {
                it.out shouldBe ""
                it.err.trimEnd().lines() shouldHaveSize 1
                it.err shouldStartWith "sesame: "
                words.forEach { word -> it.err shouldContain word }
            }
        }

        fun dir(): Path = temporaryDirectory()

        test("settings of a PostgreSQL that have no effect, or can't have, none of which repeats a password") {
            val dataDir = dir().resolve("none")
            fun refusedWith(variables: Map<String, String>, vararg words: String) {
                val process = BrokerProcess.broker(dataDir, environment = variables)
                process.exitCode() shouldBe 1
                process.err shouldNotContain "hidden"
                refused(process, *words)
            }
            refusedWith(mapOf("SESAME_DATABASE_PASSWORD" to "hidden"), "SESAME_DATABASE_PASSWORD", "SESAME_DATABASE_URL")
            val url = "jdbc:postgresql://127.0.0.1:1/sesame"
            refusedWith(mapOf("SESAME_DATABASE_URL" to url, "SESAME_DATABASE_PASSWORD" to "hidden"), "SESAME_SECRETS_KEY")
            val key = Base64.getEncoder().encodeToString(random(32))
            val away = mapOf("SESAME_DATABASE_URL" to "$url?password=hidden", "SESAME_SECRETS_KEY" to key)
            refusedWith(away, "no PostgreSQL answers at 127.0.0.1:1/sesame")
        }

        test("settings of Telegram that have no effect, or can't have") {
            val dataDir = dir()
            val address = mapOf("SESAME_TELEGRAM_API_URL" to "http://127.0.0.1:9")
            refused(BrokerProcess.broker(dataDir, environment = address), "SESAME_TELEGRAM_API_URL", "SESAME_TELEGRAM_BOT_TOKEN")
            val webhook = mapOf("SESAME_TELEGRAM_BOT_TOKEN" to BotApiServer.TOKEN, "SESAME_TELEGRAM_WEBHOOK" to "true")
            refused(BrokerProcess.broker(dataDir, environment = webhook), "SESAME_PUBLIC_URL", "https://")
        }

        test("settings of notifications in browsers that have no effect, or can't have") {
            val dataDir = dir()
            val off = mapOf("SESAME_PUSH" to "false", "SESAME_PUSH_DETAIL" to "true")
            refused(BrokerProcess.broker(dataDir, environment = off), "SESAME_PUSH_DETAIL", "SESAME_PUSH=false")
            val allow = mapOf("SESAME_PUSH_ALLOW" to "push.example.com,10.0.0.0/33")
            refused(BrokerProcess.broker(dataDir, environment = allow), "SESAME_PUSH_ALLOW", "10.0.0.0/33")
        }

        test("a bot token that is none, which the error doesn't repeat") {
            BrokerProcess.broker(dir(), environment = mapOf("SESAME_TELEGRAM_BOT_TOKEN" to "1234:secret")).use {
                it.exitCode() shouldBe 1
                it.err shouldContain "@BotFather"
                it.out + it.err shouldNotContain "1234:secret"
            }
        }

        test("addresses of webhooks or of proxies, written as none are, and a webhook secret that is none") {
            val dataDir = dir()
            refused(
                BrokerProcess.broker(dataDir, environment = mapOf("SESAME_WEBHOOK_ALLOW" to "10.0.0.0/33")),
                "SESAME_WEBHOOK_ALLOW",
                "10.0.0.0/33",
            )
            BrokerProcess.broker(dataDir, environment = mapOf("SESAME_TRUSTED_PROXIES" to "nginx")).use {
                it.exitCode() shouldBe 1
                it.err shouldContain "SESAME_TRUSTED_PROXIES: \"nginx\" is no CIDR block"
            }
            BrokerProcess.broker(dataDir, environment = mapOf("SESAME_WEBHOOK_SECRET" to "whsec_aGk=")).use {
                it.exitCode() shouldBe 1
                it.err shouldContain "24 to 64 bytes"
                it.err shouldNotContain "aGk="
            }
        }

        test("a key for the secrets that is not the one they were sealed with, or that others may read") {
            val dataDir = dir()
            BrokerProcess.broker(dataDir).use { it.ready() }
            val other = mapOf("SESAME_SECRETS_KEY" to Base64.getEncoder().encodeToString(random(32)))
            refused(BrokerProcess.broker(dataDir, environment = other), "SESAME_SECRETS_KEY", "secrets.key")
            Files.setPosixFilePermissions(dataDir.resolve("secrets.key"), PosixFilePermissions.fromString("rw-r-----"))
            refused(BrokerProcess.broker(dataDir), "secrets.key", "chmod 600")
        }

        test("a taken port") {
            ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")).use { taken ->
                val process = BrokerProcess(emptyMap(), listOf("broker", "--port", "${taken.localPort}", "--data-dir", "${dir()}"))
                refused(process, "127.0.0.1:${taken.localPort}", "--port")
            }
        }

        test("a database file that is none, and it stays as it was") {
            val dataDir = dir()
            dataDir.resolve("sesame.db").writeText("This is not a database.\n".repeat(500))
            val before = dataDir.resolve("sesame.db").readBytes().toList()
            refused(BrokerProcess.broker(dataDir), "$dataDir")
            dataDir.resolve("sesame.db").readBytes().toList() shouldBe before
        }
    })
