package dev.sesame.broker.policy.yaml

import dev.sesame.broker.policy.CelCondition
import dev.sesame.broker.policy.Compiled
import dev.sesame.broker.policy.Condition
import dev.sesame.broker.policy.Effect
import dev.sesame.broker.policy.Rule
import dev.sesame.rules.ActionPattern
import dev.sesame.rules.ApprovalTerms
import org.snakeyaml.engine.v2.common.ScalarStyle
import org.snakeyaml.engine.v2.nodes.MappingNode
import org.snakeyaml.engine.v2.nodes.Node
import java.time.Duration

/** One rule, and where its name stands; keys that are [refused] would be without effect. */
internal fun readRule(node: Node, refused: Set<String>): Pair<Rule, Place> {
    if (node !is MappingNode) throw BadPolicy(Place.of(node), "a rule is a mapping with the keys ${(RULE_KEYS - refused).joinToString()}")
    val keys = Keys(node, "a rule", RULE_KEYS - refused, refused)
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

private fun readTerms(keys: Keys): ApprovalTerms {
    val groups = keys.texts("groups", 1..LONGEST_NAME, MOST_APPROVALS).orEmpty().toSet()
    val perGroup = keys.counts("approvals_per_group", 1..LONGEST_NAME, 1..MOST_APPROVALS, MOST_APPROVALS).orEmpty()
    val inAll = keys.whole("approvals_required", 1..MOST_APPROVALS)
    perGroup.keys.find {
        groups.isNotEmpty() && it !in groups
    }?.let { throw keys.wrong("approvals_per_group", "names $it, which isn't in groups") }
    val least = perGroup.values.sum()
    if (least > MOST_APPROVALS) throw keys.wrong("approvals_per_group", "asks for $least people, at most $MOST_APPROVALS can be")
    if (inAll != null && inAll < least) throw keys.wrong("approvals_required", "is less than the $least of approvals_per_group")
    return ApprovalTerms(
        approvalsRequired = inAll ?: least.coerceAtLeast(1),
        groups = groups,
        approvalsPerGroup = perGroup,
        allowSelf = keys.flag("allow_self") ?: false,
        expiresIn = keys.whole("expires_in", EXPIRY_SECONDS)?.let { Duration.ofSeconds(it.toLong()) },
    )
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
private val TERM_KEYS = listOf("approvals_required", "groups", "approvals_per_group", "allow_self", "expires_in")
private val RULE_KEYS = listOf("name", "action", "requester", "when", "effect", "reason", REDACT) + TERM_KEYS

/** What rules may come to say. Each would be without effect now, and whoever writes it counts on one. */
internal val NOT_YET = setOf("groups", "approvals_per_group", "allow_self", "channels", "reminders", "escalation")

private val nameGrammar = Regex("[A-Za-z0-9][A-Za-z0-9 ._-]*")
private const val LONGEST_NAME = 100
private const val LONGEST_ACTION = 200
private const val LONGEST_REASON = 500
private const val MOST_NAMES = 50
private const val MOST_APPROVALS = 10
private val EXPIRY_SECONDS = 10..30 * 86_400
