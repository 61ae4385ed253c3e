package dev.sesame.broker.deploy

import dev.sesame.broker.TestBroker
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import org.snakeyaml.engine.v2.api.Load
import org.snakeyaml.engine.v2.api.LoadSettings
import kotlin.io.path.readText

/** An alarm on a metric that nobody exports never rings. */
class NamedMetricsTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val scrape = broker.nobody.get("/metrics").text

        test("every metric that an alert or a document names is exported by a broker that has just started, with those labels") {
            // On that page it is the name of a handler.
            val texts = textsIn("docs", ".md") - "docs/webhooks.md" + textsIn("deploy", ".yaml")
            texts.keys shouldContainAll listOf("docs/operating.md", "deploy/alerts.yaml")
            texts.forEach { (file, text) -> withClue(file) { missingFrom(scrape, namedIn(text)).shouldBeEmpty() } }
            namedIn(texts.getValue("deploy/alerts.yaml")).size shouldBeGreaterThan 10
        }

        test("a name or a label that is misspelt is noticed") {
            val wanted = namedIn("""sesame_work_hold + sesame_work_held + sesame_transitions_total{event="opend",mode="live"} > 1""")
            missingFrom(scrape, wanted).map { it.metric } shouldContainExactly listOf("sesame_work_hold", "sesame_transitions_total")
        }

        test("every alert has a name of its own, an expression, a severity and a line for people") {
            val document = Load(LoadSettings.builder().build()).loadFromString(repository("deploy/alerts.yaml").readText()) as Map<*, *>
            val rules = (document["groups"] as List<*>).flatMap { (it as Map<*, *>)["rules"] as List<*> }.map { it as Map<*, *> }
            rules.size shouldBeGreaterThan 10
            rules.map { it["alert"] }.distinct().size shouldBe rules.size
            rules.forEach { rule ->
                withClue(rule["alert"]) {
                    namedIn("${rule["expr"]} ${rule["expr"].toString().replace("up{", "sesame_up{")}").size shouldBeGreaterThan 0
                    ((rule["labels"] as Map<*, *>)["severity"] in setOf("warning", "critical")) shouldBe true
                    ((rule["annotations"] as Map<*, *>)["summary"] as String).length shouldBeGreaterThan 20
                }
            }
        }
    })
