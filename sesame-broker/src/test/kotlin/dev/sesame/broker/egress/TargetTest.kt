package dev.sesame.broker.egress

import dev.sesame.broker.address.CidrBlock
import dev.sesame.broker.address.plainAddress
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.Codepoint
import io.kotest.property.arbitrary.ascii
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.arbitrary.string
import io.kotest.property.checkAll

class TargetTest :
    FunSpec({
        val loopback = allowing("127.0.0.0/8", "::1/128")

        fun problem(url: String, egress: Egress = Egress()) = Target.problem(url, egress)

        test("names over https are admitted, whatever their path and query") {
            listOf(
                "https://example.com",
                "https://example.com/",
                "https://hooks.example.com:8443/a/b?c=d&e=%20#f",
                "HTTPS://Example.COM/Path",
                "https://example.com:443/",
                "https://example.com:80/",
                "https://xn--80ak6aa92e.com/",
                "https://a_b.example/",
                "https://3com.example/",
                "https://intranet/",
                "https://example.com/http://127.0.0.1/?u=https://user@localhost/",
                "https://localhost.example.com/",
                "https://0x7f.example/",
                "https://cafe/",
                "https://1.2.3.4.example:50001/",
                "https://example.com/" + "a".repeat(2028),
            ).forEach { withClue(it) { problem(it).shouldBeNull() } }
        }

        test("each refusal says what is wrong") {
            mapOf(
                "http://example.com/" to "must start with https://",
                "ftp://example.com/" to "must start with https://",
                "https://user:pw@example.com/" to "must not carry a user or a password",
                "https://localhost/" to "must not name localhost",
                "https://a.localhost./" to "must not name localhost",
                "https://127.0.0.1/" to "must name a host, not an address",
                "https://0x7f.1/" to "must name a host, not an address: no host's name ends in a number",
                "https://[::ffff:127.0.0.1]/" to "must name a host, not an address in a notation of its own",
                "https://example.com:6379/" to "must not name port 6379: it is a well-known one of another service",
                "https://example.com:22/" to "must not name port 22: of those below 1024 only 80 and 443 receive webhooks",
                "https://example.com:0/" to "must name a port from 1 to 65535, or none",
                "https://%31.example/" to "must not percent-encode its host, nor name a zone",
                "https://exa mple.com/" to
                    "must be written in ASCII without spaces: a foreign host as xn--…, the rest percent-encoded",
                "https://example.com/" + "a".repeat(2029) to "must be at most 2,048 characters long",
                "https:///a" to "must name a host after https://",
                "https://example.com/%zz" to "must be a URL: malformed escape pair at character 21",
            ).forEach { (url, reason) -> withClue(url) { problem(url) shouldBe reason } }
        }

        test("a control character anywhere is refused") {
            listOf(0, 9, 10, 13, 0x1f, 0x7f).forEach { code ->
                val c = Char(code)
                listOf("${c}https://a.example/", "https://a$c.example/", "https://a.example/$c", "ht${c}tps://a.example/").forEach {
                    withClue("character $code") { problem(it).shouldNotBeNull() }
                }
            }
        }

        test("where addresses are allowed, those are, written plainly, and http with a name; all else stays refused") {
            "http://127.0.0.1:8080/a https://127.0.0.1/ http://[::1]:8080/ http://[0:0::1]/ http://receiver/ http://a.example/".split(' ')
                .forEach { withClue(it) { problem(it, loopback).shouldBeNull() } }
            problem("http://10.0.0.1/", loopback) shouldBe "must name a host, not an address outside SESAME_WEBHOOK_ALLOW"
            (
                "http://localhost:8080/ http://127.1:8080/ http://0x7f000001/ http://2130706433/ http://127.0.0.1./ " +
                    "http://[::ffff:127.0.0.1]/ http://[::1%25lo]/ http://u@127.0.0.1/ http://127.0.0.1:22/ ftp://127.0.0.1/ http://8.8.8.8/"
                ).split(' ').forEach { withClue(it) { problem(it, loopback).shouldNotBeNull() } }
        }

        test("where the broker itself listens is refused although it is allowed") {
            val egress = Egress(CidrBlock.list("127.0.0.0/8")) { it.port == 8700 }
            problem("http://127.0.0.1:8700/v1/approvals", egress) shouldBe "127.0.0.1 at port 8700 is this broker itself"
            problem("http://127.0.0.1:8701/", egress).shouldBeNull()
        }

        test("no address passes, in whatever mix of notations it is written, save a plain one where that is allowed") {
            val bytes = Arb.list(Arb.int(0..255), 4..4)
            checkAll(2_000, bytes, Arb.list(Arb.element(notations), 4..4), Arb.int(1..4)) { address, write, parts ->
                // As inet_aton reads them: the last number takes all the bytes that are left.
                val last = address.drop(parts - 1).fold(0L) { sum, byte -> sum * 256 + byte }
                val numbers = (address.take(parts - 1).map { it.toLong() } + last).mapIndexed { index, number -> write[index](number) }
                val host = numbers.joinToString(".")
                withClue(host) {
                    problem("https://$host/").shouldNotBeNull()
                    problem("https://$host./", loopback).shouldNotBeNull()
                    if (plainAddress(host) == null) problem("https://$host/", loopback).shouldNotBeNull()
                }
            }
        }

        test("any text at all is judged, never thrown at") {
            checkAll(2_000, Arb.string(0..40, Codepoint.ascii())) { text ->
                problem(text)
                problem("https://$text", loopback)
            }
        }
    })

private val notations = listOf<(Long) -> String>(
    { "$it" },
    { "0x%x".format(it) },
    { "0X%08X".format(it) },
    { "0%o".format(it) },
    { "000%o".format(it) },
)
