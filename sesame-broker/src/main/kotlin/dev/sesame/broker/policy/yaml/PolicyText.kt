package dev.sesame.broker.policy.yaml

import dev.sesame.broker.policy.Policy
import org.snakeyaml.engine.v2.nodes.MappingNode

/**
 * Reads a policy as people write it, `sesame-policy.yaml`: all of it, or nothing where anything in it is wrong.
 *
 * What isn't understood is refused, never passed over: a key that is misspelt was meant to do something.
 */
internal object PolicyText {
    const val LARGEST_BYTES = 256 * 1024

    /** The policy that [bytes] say; [BadPolicy] where they don't. */
    fun parse(bytes: ByteArray): Policy {
        if (bytes.size > LARGEST_BYTES) throw BadPolicy(Place.NOWHERE, "a policy has at most $LARGEST_BYTES bytes, not ${bytes.size}")
        val text = try {
            bytes.decodeToString(throwOnInvalidSequence = true)
        } catch (_: CharacterCodingException) {
            throw BadPolicy(Place.NOWHERE, "a policy is text in UTF-8")
        }
        val root =
            PlainYaml.read(text) as? MappingNode ?: throw BadPolicy(Place.NOWHERE, "a policy is a mapping with the keys version, rules")
        val keys = Keys(root, "the policy", listOf("version", "rules"))
        if (keys.whole("version", 1..1) == null) throw keys.missing("version")
        val rules = keys.sequence("rules") ?: throw keys.missing("rules")
        if (rules.size > Policy.MOST_RULES) {
            throw BadPolicy(Place.of(rules[Policy.MOST_RULES]), "a policy has at most ${Policy.MOST_RULES} rules, not ${rules.size}")
        }
        val firstAt = HashMap<String, Place>()
        return Policy(
            rules.map { node ->
                val (rule, place) = readRule(node)
                firstAt.put(rule.name, place)?.let {
                    throw BadPolicy(place, "name: the rule at ${it.inWords} is called \"${rule.name}\" too")
                }
                rule
            },
        )
    }
}

/** The text is no policy: where, and why. */
internal class BadPolicy(val place: Place, val problem: String) :
    RuntimeException(if (place == Place.NOWHERE) problem else "${place.inWords}: $problem") {
    override fun fillInStackTrace(): Throwable = this // an answer, not a fault
}
