package dev.sesame.internal

import dev.sesame.InvalidRequestException
import dev.sesame.KEY
import dev.sesame.SesameConfig
import dev.sesame.TOKEN
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

private const val SELF_HOSTED_KEY = "sk_live_sh_0123456789abcdefghijklmnopqrstuvwxyz"
private const val PROBE = "sesame.settings.test.probe"

private val nothing = Lookup { _, _ -> null }

private fun settings(lookup: Lookup = nothing, configure: SesameConfig.() -> Unit = { apiKey = KEY }): Settings =
    Settings.forRequester(SesameConfig().apply(configure), lookup)

private fun refused(configure: SesameConfig.() -> Unit): String =
    shouldThrow<InvalidRequestException> { settings(configure = configure) }.message!!

class SettingsTest :
    FunSpec({
        test("what is set in code comes before what the process was started with") {
            val lookup = Lookup { _, _ -> "sk_live_of_the_process" }
            settings(lookup) {
                apiKey = KEY
                brokerUrl = "https://mine.example"
            }.run {
                credential shouldBe KEY
                brokerUrl shouldBe "https://mine.example"
            }
        }

        test("the key and the address are looked up under their two names") {
            val asked = mutableListOf<Pair<String, String>>()
            val lookup = Lookup { property, variable ->
                asked += property to variable
                if (property == "sesame.api.key") KEY else "https://found.example"
            }
            settings(lookup) {}.brokerUrl shouldBe "https://found.example"
            asked shouldBe listOf("sesame.api.key" to "SESAME_API_KEY", "sesame.broker.url" to "SESAME_BROKER_URL")
        }

        test("a system property comes before a variable of the environment") {
            Lookup.Process.find(PROBE, "PATH") shouldBe System.getenv("PATH")
            System.setProperty(PROBE, "of the property")
            try {
                Lookup.Process.find(PROBE, "PATH") shouldBe "of the property"
            } finally {
                System.clearProperty(PROBE)
            }
        }

        test("what is set nowhere is absent, as is what is blank") {
            System.setProperty(PROBE, " ")
            try {
                Lookup.Process.find(PROBE, "SESAME_NO_SUCH_VARIABLE").shouldBeNull()
            } finally {
                System.clearProperty(PROBE)
            }
        }

        test("without an address it is the hosted broker") {
            settings().brokerUrl shouldBe "https://getsesame.dev"
        }

        test("without a key it says which variable to set") {
            refused {} shouldContain "SESAME_API_KEY"
        }

        test("a key of a self-hosted broker is never sent to the hosted one") {
            refused { apiKey = SELF_HOSTED_KEY } shouldContain "SESAME_BROKER_URL"
            refused {
                apiKey = SELF_HOSTED_KEY.replace("live", "test")
                allowTestMode = true
            } shouldContain "SESAME_BROKER_URL"
        }

        test("a test key is refused at once where test mode isn't allowed, wherever it comes from, and never shown") {
            val testKey = KEY.replace("live", "test")
            val found =
                shouldThrow<InvalidRequestException> { settings({ property, _ -> testKey.takeIf { property == "sesame.api.key" } }) {} }
            listOf(refused { apiKey = testKey }, found.message!!).forEach {
                it shouldContain "allowTestMode = true"
                it shouldNotContain testKey
            }
            settings {
                apiKey = testKey
                allowTestMode = true
            }.credential shouldBe testKey
        }

        test("a live key needs no test mode, and goes with it too") {
            settings {
                apiKey = KEY
                allowTestMode = true
            }.credential shouldBe KEY
        }

        test("a key of a self-hosted broker goes to the address that is given") {
            settings {
                apiKey = SELF_HOSTED_KEY
                brokerUrl = "http://127.0.0.1:8700"
            }.brokerUrl shouldBe "http://127.0.0.1:8700"
        }

        test("an approver's token is no API key, and an API key no approver's token") {
            refused { apiKey = TOKEN } shouldContain "sk_"
            shouldThrow<InvalidRequestException> {
                Settings.forApprover(KEY, null, allowPlainHttp = false, nothing)
            }.message!! shouldContain
                "at_"
        }

        test("an approver's address is looked up as a requester's is") {
            val lookup = Lookup { _, variable -> "https://found.example".takeIf { variable == "SESAME_BROKER_URL" } }
            Settings.forApprover(TOKEN, null, allowPlainHttp = false, lookup).brokerUrl shouldBe "https://found.example"
            Settings.forApprover(TOKEN, "https://mine.example", allowPlainHttp = false, lookup).brokerUrl shouldBe "https://mine.example"
        }

        listOf("\n", "\r\n", " ", "\t", "ä", "\u0000").forEach { odd ->
            test("a key that holds ${odd.map { "U+%04X".format(it.code) }} is refused, and not shown") {
                val message = refused { apiKey = KEY + odd }
                message shouldContain "line break"
                message shouldNotContain KEY
            }
        }
    })
