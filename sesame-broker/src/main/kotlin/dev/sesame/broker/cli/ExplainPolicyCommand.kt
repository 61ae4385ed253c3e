package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.double
import com.github.ajalt.clikt.parameters.types.path
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.sesame.broker.policy.Effect
import dev.sesame.broker.policy.Explanation
import dev.sesame.broker.policy.Facts
import dev.sesame.broker.policy.Match
import dev.sesame.broker.policy.PolicyBook
import dev.sesame.broker.policy.Step
import dev.sesame.broker.policy.yaml.BadPolicy
import dev.sesame.broker.text.shown
import dev.sesame.internal.CanonicalJson
import dev.sesame.internal.InstantText
import dev.sesame.internal.JsonDepth
import dev.sesame.internal.NotCanonical
import dev.sesame.rules.toJson
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonArray
import kotlinx.serialization.json.put
import java.nio.file.Path
import java.time.Instant

/** What a policy says of one question, rule by rule. */
internal class ExplainPolicyCommand : CoreCliktCommand(name = "explain") {
    override fun help(context: Context) = "Says what the policy makes of an action, and why each rule matches or doesn't. Asks nobody."

    private val action by argument("ACTION", help = "Such as payments.refund")
    private val policy by option(envvar = "SESAME_POLICY_FILE", help = "The policy; default: sesame-policy.yaml").path()
        .default(Path.of("sesame-policy.yaml"))
    private val contextFile by option("--context", help = "A file with the context as a JSON object; default: an empty one").path()
    private val requester by option(help = "The name of the program that asks").default("default")
    private val risk by option(help = "Its risk score").double().restrictTo(0.0..1.0)
    private val requestedBy by option(help = "On whose behalf it asks")
    private val at by option(help = "The time, such as 2026-11-20T12:00:00Z; default: now")
        .convert { InstantText.parse(it) ?: fail("must be an RFC 3339 time such as 2026-11-20T12:00:00Z") }
    private val json by option(help = "For scripts").flag()

    override fun run() {
        val facts = Facts(action, contextOf(contextFile), requester, at ?: Instant.now(), requestedBy, risk)
        val book = try {
            PolicyBook(readPolicy(policy))
        } catch (problem: BadPolicy) {
            throw failure("$policy: ${shown(problem.message.orEmpty())}")
        }
        val explanation = book.explain(facts)
        if (json) echoJson(explanation.toJson()) else echoExplanation(explanation)
    }

    private fun echoExplanation(explanation: Explanation) {
        explanation.steps.forEach { echo("${it.rule.name} (${it.rule.effect.inWords()}): ${shown(it.match.inWords())}") }
        val ruling = explanation.ruling
        echo("${ruling.effect.outcome} (${ruling.code.name.lowercase()}): ${shown(ruling.reason)}")
        ruling.terms.inWords().forEach { echo(shown(it)) }
        ruling.redactions.forEach { echo("hidden: ${it.inWords()}") }
    }

    private fun contextOf(file: Path?): JsonObject {
        val text = readAtMost(file ?: return JsonObject(emptyMap()), LARGEST_CONTEXT_BYTES)
        if (text.size > LARGEST_CONTEXT_BYTES) throw failure("$file: a context has at most $LARGEST_CONTEXT_BYTES bytes")
        return try {
            (JsonDepth.read(text.decodeToString()) as? JsonObject)?.also(CanonicalJson::of)
        } catch (problem: NotCanonical) {
            throw failure("$file: ${problem.message}")
        } ?: throw failure("$file: a context is a JSON object")
    }

    private companion object {
        const val LARGEST_CONTEXT_BYTES = 64 * 1024
    }
}

private fun Explanation.toJson(): JsonObject {
    val looked = buildJsonArray {
        steps.forEach { step -> addJsonObject { step.fields().forEach { (name, text) -> put(name, text) } } }
    }
    val more = mapOf("terms" to ruling.terms.toJson(), "steps" to looked, "redactions" to ruling.redactions.toJson())
    return JsonObject(ruling.toJson() + more)
}

private fun Step.fields(): Map<String, String> = mapOf("rule" to rule.name, "effect" to rule.effect.inWords(), "match" to match.word()) +
    listOfNotNull((match as? Match.ConditionFailed)?.let { "why" to (it.truth.detail ?: it.truth.why) })

private fun Effect.inWords() = when (this) {
    Effect.Permit -> "permit"
    is Effect.RequireApproval -> "require_approval"
    Effect.Deny -> "deny"
}

private fun Match.word() = when (this) {
    Match.Matches -> "matches"
    Match.OtherAction -> "other_action"
    Match.OtherRequester -> "other_requester"
    Match.ConditionIsFalse -> "condition_is_false"
    is Match.ConditionFailed -> "condition_failed"
}

private fun Match.inWords() = when (this) {
    Match.Matches -> "it matches"
    Match.OtherAction -> "it is about other actions"
    Match.OtherRequester -> "it is about other requesters"
    Match.ConditionIsFalse -> "its condition is false"
    is Match.ConditionFailed -> "its condition can't be evaluated: ${truth.why}${truth.detail?.let { " ($it)" }.orEmpty()}"
}
