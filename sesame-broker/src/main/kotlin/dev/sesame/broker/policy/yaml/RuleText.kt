package dev.sesame.broker.policy.yaml

import dev.sesame.broker.policy.CelCondition
import dev.sesame.broker.policy.Compiled
import dev.sesame.broker.policy.Condition
import dev.sesame.broker.policy.Effect
import dev.sesame.broker.policy.Rule
import dev.sesame.rules.ActionPattern
import org.snakeyaml.engine.v2.common.ScalarStyle
import org.snakeyaml.engine.v2.nodes.MappingNode
import org.snakeyaml.engine.v2.nodes.Node

/** One rule, and where its name stands. */
internal fun readRule(node: Node): Pair<Rule, Place> {
    if (node !is MappingNode) throw BadPolicy(Place.of(node), "a rule is a mapping with the keys ${RULE_KEYS.joinToString()}")
    val keys = Keys(node, "a rule", RULE_KEYS)
    val name = keys.text("name", 1..LONGEST_NAME) ?: throw keys.missing("name")
    if (!nameGrammar.matches(
            name,
        )
    ) {
        throw keys.wrong("name", "may hold letters, digits, spaces, dots, - and _, and begins with a letter or digit")
    }
    val patterns = keys.texts("action", 1..LONGEST_ACTION, MOST_NAMES) ?: throw keys.missing("action")
    patterns.firstNotNullOfOrNull(ActionPattern::problem)?.let { throw keys.wrong("action", it) }
    val rule = Rule(
        name,
        patterns.map(ActionPattern::of),
        keys.texts("requester", 1..LONGEST_NAME, MOST_NAMES).orEmpty().toSet(),
        readCondition(keys),
        readEffect(keys),
        keys.text("reason", 1..LONGEST_REASON),
        readRedactions(keys),
    )
    return rule to keys.placeOf("name")
}

private fun readEffect(keys: Keys): Effect {
    val effect = keys.text("effect", 1..LONGEST_NAME) ?: throw keys.missing("effect")
    val asks = effect == REQUIRE_APPROVAL
    if (!asks) TERM_KEYS.find(keys::has)?.let { throw keys.wrong(it, "goes with effect: $REQUIRE_APPROVAL alone") }
    return when (effect) {
        REQUIRE_APPROVAL -> Effect.RequireApproval(readTerms(keys))
        "permit" -> Effect.Permit
        "deny" -> Effect.Deny
        else -> throw keys.wrong("effect", "must be permit, $REQUIRE_APPROVAL or deny")
    }
}

/** A block of text (`when: |`) begins a line below its mark; only for what stands in one line is the column known. */
private fun readCondition(keys: Keys): Condition? {
    val node = keys.scalar("when") ?: return null
    val text = keys.text("when", 1..CelCondition.LONGEST) ?: return null
    return when (val compiled = CelCondition.of(text)) {
        is Compiled.Ready -> compiled.condition

        is Compiled.Wrong -> {
            val start = Place.of(node)
            val isExact = node.scalarStyle == ScalarStyle.PLAIN && '\n' !in text && compiled.line == 1
            val place = if (isExact) Place(start.line, start.column + compiled.column) else start
            val inside = if (isExact ||
                compiled.line == 0
            ) {
                ""
            } else {
                " (line ${compiled.line}, column ${compiled.column + 1} of the condition)"
            }
            throw BadPolicy(place, "when is no condition in CEL: ${compiled.problem}$inside")
        }
    }
}

private const val REQUIRE_APPROVAL = "require_approval"
private val RULE_KEYS = listOf("name", "action", "requester", "when", "effect", "reason", REDACT) + TERM_KEYS

private val nameGrammar = Regex("[A-Za-z0-9][A-Za-z0-9 ._-]*")
internal const val LONGEST_NAME: Int = 100
private const val LONGEST_ACTION = 200
private const val LONGEST_REASON = 500
private const val MOST_NAMES = 50
