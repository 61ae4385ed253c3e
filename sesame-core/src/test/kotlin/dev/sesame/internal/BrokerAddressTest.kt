package dev.sesame.internal

import dev.sesame.InvalidRequestException
import dev.sesame.KEY
import dev.sesame.SesameConfig
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

private fun addressOf(url: String, plain: Boolean = false): String = SesameConfig().run {
    apiKey = KEY
    brokerUrl = url
    allowPlainHttp = plain
    Settings.forRequester(this) { _, _ -> null }.brokerUrl
}

class BrokerAddressTest :
    FunSpec({
        listOf(
            "https://broker.example",
            "https://broker.example:8443/behind/a/path",
            "https://[2001:db8::1]:8443",
            "http://127.0.0.1:8700",
            "http://127.1.2.3",
            "http://localhost:8700",
            "http://[::1]:8700",
        ).forEach { url ->
            test("$url is an address") {
                addressOf(url) shouldBe url
            }
        }

        test("a slash at the end is taken off") {
            addressOf("https://broker.example/") shouldBe "https://broker.example"
        }

        test("a scheme may be written in capitals") {
            addressOf("HTTPS://broker.example") shouldBe "https://broker.example"
            addressOf("Http://127.0.0.1:8700") shouldBe "http://127.0.0.1:8700"
            shouldThrow<InvalidRequestException> { addressOf("HTTP://broker.example") }
            shouldThrow<InvalidRequestException> { addressOf("FTP://broker.example") }
        }

        test("credentials in the address are refused as such") {
            listOf("https://name:word@broker.example", "https://word@broker.example", "https://@broker.example", "http://a@[::1]").forEach {
                shouldThrow<InvalidRequestException> { addressOf(it) }.message!! shouldContain "no credentials"
            }
        }

        listOf(
            "broker.example",
            "broker.example:8700",
            "127.0.0.1:8700",
            "//broker.example",
            "ftp://broker.example",
            "file:///etc/passwd",
            "https://",
            "https:///v1",
            "https://name:word@broker.example",
            "https://broker.example?tenant=1",
            "https://broker.example/#top",
            "https://broker example",
            "https://broker.example\n",
            "",
        ).forEach { url ->
            test("'${url.trim()}' (${url.length} characters) is none") {
                shouldThrow<InvalidRequestException> { addressOf(url) }.message!! shouldNotContain KEY
            }
        }

        listOf(
            "http://broker.example",
            "http://10.0.0.1:8700",
            "http://0.0.0.0:8700",
            "http://[2001:db8::1]:8700",
            "http://localhost.example",
            "http://127.0.0.1.example",
            "http://127.0.0.1.nip.example:8700",
        ).forEach { url ->
            test("$url would show the key to everyone on the way, and is refused unless that was allowed") {
                shouldThrow<InvalidRequestException> { addressOf(url) }
                addressOf(url, plain = true) shouldBe url
            }
        }

        test("a password in the address is not shown where the address is refused") {
            shouldThrow<InvalidRequestException> { addressOf("https://name:pass word@broker.example") }.message!! shouldNotContain
                "pass word"
            shouldThrow<InvalidRequestException> { addressOf("https://name:password@broker.example") }.message!! shouldNotContain "password"
        }
    })
