package dev.sesame.broker

import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.http.shouldBeRefusedWith
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.io.path.writeText

private fun policy(effect: String) = "version: 1\nrules: [{name: all, action: '*', effect: $effect}]"

/** A running broker and its policy's file. */
class PolicyFileBrokerTest :
    FunSpec({
        test("the file in the data directory holds, also a changed one within seconds; a wrong one changes nothing, and is told") {
            val dataDir = temporaryDirectory()
            val file = dataDir.resolve("sesame-policy.yaml").also { it.writeText(policy("deny")) }
            TestBroker(dataDir).use { broker ->
                val requester = broker.requester()
                fun outcome() = requester.http.post("/v1/policy/check", "action" to "a").text("outcome")
                fun shown() = broker.admin.get("/v1/admin/policies")
                outcome() shouldBe "HALT"
                shown().text("in_force.file") shouldBe "$file"
                file.writeText(policy("permit"))
                awaitThat("the new one is in force") { outcome() == "EXECUTE" }
                file.writeText(policy("allow"))
                awaitThat("the wrong one is refused") { shown().text("last_refusal.problem") != null }
                shown().text("last_refusal.problem") shouldBe "line 2, column 42: effect must be permit, require_approval or deny"
                outcome() shouldBe "EXECUTE"
                broker.nobody.get("/metrics").text shouldContain "sesame_policy_changes_total{then=\"refused\"} 1"
                val set = broker.admin.post("/v1/admin/policies", "text" to policy("deny"))
                set shouldBeRefusedWith (403 to "forbidden")
                set.text("detail")!! shouldContain "the policy comes from the file $file"
            }
        }

        test("a wrong file stops the start in one line, and so does one that is named and isn't there") {
            val dataDir = temporaryDirectory()
            val file = dataDir.resolve("sesame-policy.yaml").also { it.writeText("version: 1\nrules: [{name: all}]") }
            fun start(vararg environment: Pair<String, String>) =
                Terminal(*environment).run("broker", "--port", "0", "--data-dir", "$dataDir")
            start().badly("the policy of $file", "line 2, column 9: a rule needs the key action")
            start("SESAME_POLICY_FILE" to "$dataDir/other.yaml").badly("SESAME_POLICY_FILE", "there is no file $dataDir/other.yaml")
            file.writeText(policy("deny"))
            TestBroker(dataDir).use { it.requester().ask().text("status") shouldBe "denied" }
        }
    })
