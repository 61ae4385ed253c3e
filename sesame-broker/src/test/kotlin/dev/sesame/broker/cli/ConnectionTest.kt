package dev.sesame.broker.cli

import dev.sesame.broker.BrokerDirectory
import dev.sesame.broker.TestBroker
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.net.InetAddress
import java.net.ServerSocket
import kotlin.io.path.writeText

class ConnectionTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val id = broker.requester().asked()
        val token = broker.admin.bearer!!

        test("on the broker's machine its directory says where it is and who the admin is") {
            broker.dataDir.resolve(BrokerDirectory.ADMIN_TOKEN).writeText("$token\n")
            Terminal("SESAME_DATA_DIR" to "${broker.dataDir}").run("list").well().out shouldContain id
            Terminal().run("list", "--data-dir", "${broker.dataDir}").well().out shouldContain id
        }

        test("a flag goes before the environment") {
            val terminal = Terminal("SESAME_BROKER_URL" to "http://127.0.0.1:1", "SESAME_APPROVER_TOKEN" to "at_" + "x".repeat(43))
            terminal.run("list", "--broker-url", "${broker.url}/", "--token", token).well().out shouldContain id
        }

        test("where no broker answers: one clear line, exit 1, and no token in it") {
            val free = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
            val url = "http://127.0.0.1:$free"
            val said = Terminal("SESAME_BROKER_URL" to url, "SESAME_APPROVER_TOKEN" to token).run("list").badly("no broker answers", url)
            said.err shouldNotContain token
        }

        test("a wrong token, or none: one clear line, exit 1") {
            val wrong = "at_" + "x".repeat(43)
            Terminal(
                "SESAME_BROKER_URL" to broker.url,
                "SESAME_APPROVER_TOKEN" to wrong,
            ).run("list").badly("unauthorized").err shouldNotContain
                wrong
            val empty = temporaryDirectory()
            Terminal("SESAME_BROKER_URL" to broker.url, "SESAME_DATA_DIR" to "$empty").run("list").badly("SESAME_APPROVER_TOKEN")
        }

        test("an address that is none, and a server that is no broker: one clear line, exit 1") {
            listOf("nonsense", "ftp://localhost", "http://", "http://bad host").forEach { url ->
                Terminal("SESAME_BROKER_URL" to url, "SESAME_APPROVER_TOKEN" to token).run("list").badly(url)
            }
            val other = "${broker.url}/metrics?"
            Terminal("SESAME_BROKER_URL" to other, "SESAME_APPROVER_TOKEN" to token).run("list").badly("no Sesame broker")
        }

        test("an address with a password in it: one clear line, exit 1, and not printed") {
            val url = broker.url.replace("http://", "http://name:hidden@")
            val said = Terminal("SESAME_BROKER_URL" to url, "SESAME_APPROVER_TOKEN" to token).run("list").badly("no credentials")
            said.err shouldNotContain "hidden"
        }

        test("a token that no header can hold: one clear line, exit 1, and not printed") {
            val odd = "at_secret\nX-Evil: 1"
            Terminal("SESAME_BROKER_URL" to broker.url, "SESAME_APPROVER_TOKEN" to odd).run("list").badly().err shouldNotContain "at_secret"
        }

        test("a mistake in the command line is exit 1, names the mistake, and starts nothing") {
            mapOf(
                listOf("nonsense") to "nonsense",
                listOf("list", "--status", "open") to "open",
                listOf("approve") to "id",
                listOf("resolve", id) to "--outcome",
                listOf("keys", "create") to "--requester",
                listOf("broker", "--port", "99999") to "99999",
                listOf("broker", "--port", "many") to "many",
                listOf("broker", "--public-url", "localhost") to "public-url",
                listOf("broker", "--limit-held-polls", "0") to "limit-held-polls",
                listOf("broker", "--nonsense") to "--nonsense",
            ).forEach { (arguments, word) ->
                val said = Terminal().run(*arguments.toTypedArray())
                said.code shouldBe 1
                said.err.lowercase() shouldContain word
                said.out shouldBe ""
            }
        }

        test("a bootstrap credential that is too short, or a test key, is refused, and not printed") {
            listOf(
                "--bootstrap-api-key" to "sk_live_short_secret",
                "--bootstrap-approver-token" to "at_short_secret",
                "--bootstrap-api-key" to "x".repeat(60),
                "--bootstrap-api-key" to "sk_test_" + "x".repeat(60),
            )
                .forEach { (flag, value) ->
                    val said = Terminal().run("broker", flag, value)
                    said.code shouldBe 1
                    said.err shouldContain flag
                    said.err shouldNotContain value
                }
        }
    })
