package dev.sesame.broker.deploy

import com.github.ajalt.clikt.parameters.options.OptionWithValues
import dev.sesame.broker.cli.BrokerCommand
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.ints.shouldBeGreaterThan
import kotlin.io.path.readText

/** A setting that is misspelt in a file of `deploy/` would be without effect, and nothing would say so. */
class SettingsTest :
    FunSpec({
        val settings = BrokerCommand().registeredOptions().filterIsInstance<OptionWithValues<*, *, *>>().mapNotNull { it.envvar }.toSet()
        val variable = Regex("""\bSESAME_[A-Z_]+\b""")

        test("every variable that a file of deploy/ sets is a setting of the broker") {
            settings.size shouldBeGreaterThan 25
            val files = textsIn("deploy")
            files.keys shouldContainAll listOf("deploy/compose.yaml", "deploy/sesame.service", "deploy/Containerfile")
            files.forEach { (file, text) ->
                withClue(file) { (variable.findAll(text).map { it.value }.toSet() - settings).shouldBeEmpty() }
            }
        }

        test("the page for operators names every setting, with its flag, and no other") {
            val row = Regex("""^\|.*`--[a-z].*$""", RegexOption.MULTILINE)
            val rows = row.findAll(repository("docs/operating.md").readText()).map { it.value }.toList()
            rows.flatMap { line -> variable.findAll(line).map { it.value } } shouldContainExactlyInAnyOrder settings
            val flags = BrokerCommand().registeredOptions().filterIsInstance<OptionWithValues<*, *, *>>().filter { it.envvar != null }
                .map { it.names.single() }
            rows.flatMap { line -> Regex("""`(--[a-z-]+)`""").findAll(line).map { it.groupValues[1] } } shouldContainExactlyInAnyOrder flags
        }
    })
