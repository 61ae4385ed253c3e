package dev.sesame.broker.access

import dev.sesame.broker.access.passkey.PasskeyPlace
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe

class SiteTest :
    FunSpec({
        test("its own origin is its own, whatever the case and the usual port; nothing else is") {
            val site = Site("https://approvals.example.com/gate/")
            listOf("https://approvals.example.com", "https://APPROVALS.example.com:443").forEach {
                withClue(it) {
                    site.isOwn(it) shouldBe
                        true
                }
            }
            listOf(
                "http://approvals.example.com",
                "https://approvals.example.com:8443",
                "https://approvals.example.com.evil.example",
                "https://evil.example",
                "https://localhost",
                "null",
                "",
                "https://",
                "%",
            ).forEach { withClue(it) { site.isOwn(it) shouldBe false } }
        }

        test("this machine goes by several names, on one port") {
            val site = Site("http://127.0.0.1:8700")
            listOf("http://127.0.0.1:8700", "http://localhost:8700", "http://[::1]:8700").forEach {
                withClue(it) {
                    site.isOwn(it) shouldBe
                        true
                }
            }
            listOf(
                "http://localhost",
                "http://localhost:8701",
                "https://localhost:8700",
                "http://127.0.0.1.example.com:8700",
                "http://localhost.example:8700",
            )
                .forEach { withClue(it) { site.isOwn(it) shouldBe false } }
        }

        test("sessions begin over https, or on this machine, and their cookie is bound to the host where it can be") {
            listOf(
                "https://a.example" to "__Host-sesame",
                "http://localhost:1" to "sesame",
                "http://0.0.0.0:1" to "sesame",
            ).forEach { (url, cookie) ->
                withClue(url) {
                    Site(url).takesSignIns shouldBe true
                    Site(url).cookieName shouldBe cookie
                }
            }
            listOf("http://a.example", "http://192.168.0.7:8700", "http://127.0.0.1.example.com").forEach {
                withClue(it) { Site(it).takesSignIns shouldBe false }
            }
        }

        test("passkeys are made for its name and taken at its origin alone, written as browsers write it") {
            listOf(
                "https://A.example/gate/" to PasskeyPlace("a.example", "https://a.example"),
                "https://a.example:443" to PasskeyPlace("a.example", "https://a.example"),
                "https://a.example:8443" to PasskeyPlace("a.example", "https://a.example:8443"),
                "http://localhost:80" to PasskeyPlace("localhost", "http://localhost"),
                "http://127.0.0.1:8700" to PasskeyPlace("localhost", "http://localhost:8700"),
                "http://0.0.0.0:8700" to PasskeyPlace("localhost", "http://localhost:8700"),
            ).forEach { (url, place) -> withClue(url) { Site(url).passkeyPlace shouldBe place } }
        }

        test("where browsers take no passkeys there is no place for them: no https, or no name") {
            listOf(
                "http://a.example",
                "https://192.168.0.7",
                "https://192.168.0.7.",
                "https://0xa.1",
                "https://[2001:db8::1]:1",
                "",
            ).forEach {
                withClue(it) { Site(it).passkeyPlace.shouldBeNull() }
            }
        }

        test("on this machine passkeys want its name, elsewhere whatever a proxy made of it") {
            listOf("localhost:8700", "LOCALHOST").forEach { Site("http://127.0.0.1:8700").isNamed(it) shouldBe true }
            listOf("127.0.0.1:8700", "[::1]:8700", null).forEach { Site("http://localhost:8700").isNamed(it) shouldBe false }
            listOf("a.example", "10.0.0.1", null).forEach { Site("https://a.example").isNamed(it) shouldBe true }
        }

        test("its addresses keep the path that a proxy serves it under") {
            Site("https://a.example/gate/").run { url("/inbox") to path("/inbox") } shouldBe
                ("https://a.example/gate/inbox" to "/gate/inbox")
            Site("http://127.0.0.1:8700").path("/inbox") shouldBe "/inbox"
        }

        test("what is no address for people is told") {
            listOf("https://a.example", "http://[::1]:8700/x").forEach { withClue(it) { Site.problem(it).shouldBeNull() } }
            listOf(
                "",
                "a.example",
                "ftp://a.example",
                "https://",
                "https://a b",
                "https://u:p@a.example",
                "https://a.example?x",
                "https://a.example#x",
            )
                .forEach { withClue(it) { Site.problem(it).shouldNotBeNull() } }
        }
    })
