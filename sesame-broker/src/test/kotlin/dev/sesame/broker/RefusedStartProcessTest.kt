package dev.sesame.broker

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import java.net.InetAddress
import java.net.ServerSocket
import java.nio.file.Files
import java.nio.file.Path
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

        test("a setting that isn't honoured yet stops the start") {
            listOf(
                "SESAME_DATABASE_URL" to "jdbc:postgresql://localhost/x",
                "SESAME_WEBHOOK_ALLOW" to "10.0.0.0/8",
            ).forEach { (name, value) ->
                val dataDir = dir().resolve("none")
                refused(BrokerProcess.broker(dataDir, environment = mapOf(name to value)), name)
                Files.exists(dataDir) shouldBe false
            }
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
