package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.core.subcommands
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.path
import dev.sesame.broker.policy.Policy
import dev.sesame.broker.policy.yaml.BadPolicy
import dev.sesame.broker.policy.yaml.PolicyText
import dev.sesame.broker.text.shown
import dev.sesame.rules.Redaction
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

internal fun policyCommand(): CoreCliktCommand =
    Noun("policy", "Rules that decide without a person, or say who is asked; these work on files.").subcommands(
        CheckPolicyCommand(),
        ExplainPolicyCommand(),
    )

private class CheckPolicyCommand : CoreCliktCommand(name = "check") {
    override fun help(context: Context) = "Says whether FILE is a policy, and where it is wrong if not."

    private val file by argument("FILE", help = "Such as sesame-policy.yaml").path()
    private val json by option(help = "For scripts").flag()

    override fun run() {
        val policy = try {
            readPolicy(file)
        } catch (problem: BadPolicy) {
            if (!json) throw failure("$file: ${shown(problem.message.orEmpty())}")
            echoJson(refusal(problem))
            throw ProgramResult(1)
        }
        if (json) return echoJson(acceptance(policy))
        echo("$file is a policy of ${policy.rules.size} rules.")
        policy.rules.forEach { rule -> rule.redactions.forEach { echo("${rule.name} hides ${it.inWords()}") } }
    }

    private fun refusal(problem: BadPolicy) = buildJsonObject {
        put("valid", false)
        put("line", problem.place.line)
        put("column", problem.place.column)
        put("problem", problem.problem)
    }

    private fun acceptance(policy: Policy) = buildJsonObject {
        put("valid", true)
        putJsonArray("rules") { policy.rules.forEach { add(JsonPrimitive(it.name)) } }
        putJsonObject("redactions") {
            policy.rules.filter { it.redactions.isNotEmpty() }.forEach { put(it.name, it.redactions.toJson()) }
        }
    }
}

/** The policy in [file]; [BadPolicy] where it says none. */
internal fun readPolicy(file: Path): Policy = PolicyText.parse(readAtMost(file, PolicyText.LARGEST_BYTES))

/** What is hidden, and where. */
internal fun Redaction.inWords(): String = "${shown(field)} (${channels.joinToString()})"

internal fun List<Redaction>.toJson(): JsonElement = Json.encodeToJsonElement(this)

/** What is in [file], and one byte more where it is larger than anything of its kind may be. */
internal fun readAtMost(file: Path, bytes: Int): ByteArray = try {
    Files.newInputStream(file).use { it.readNBytes(bytes + 1) }
} catch (problem: IOException) {
    throw failure("$file can't be read (${problem.javaClass.simpleName})")
}
