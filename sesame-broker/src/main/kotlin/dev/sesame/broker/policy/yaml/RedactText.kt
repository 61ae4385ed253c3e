package dev.sesame.broker.policy.yaml

import dev.sesame.rules.Redaction
import dev.sesame.rules.pathProblem
import org.snakeyaml.engine.v2.nodes.MappingNode
import org.snakeyaml.engine.v2.nodes.Node

/** The rule's key for what is hidden. */
internal const val REDACT = "redact"

/** What a rule hides, entry by entry: a path, which is hidden from all that leaves the broker, or a path with its channels. */
internal fun readRedactions(keys: Keys): List<Redaction> {
    val entries = keys.sequence(REDACT) ?: return emptyList()
    if (entries.isEmpty() || entries.size > MOST_ENTRIES) throw keys.wrong(REDACT, "must be a list of 1 to $MOST_ENTRIES")
    val redactions = entries.map { it to readRedaction(it, keys) }
    redactions.forEachIndexed { index, (node, redaction) ->
        if (redactions.take(index).any { it.second.field == redaction.field }) {
            throw BadPolicy(Place.of(node), "$REDACT names ${redaction.field} twice")
        }
    }
    return redactions.map { it.second }
}

private fun readRedaction(node: Node, rule: Keys): Redaction {
    if (node !is MappingNode) return Redaction(path(rule.item(node, REDACT, PATH), node), Redaction.OUTWARD)
    val keys = Keys(node, "an entry of $REDACT", listOf("field", "channels"))
    val field = keys.text("field", PATH) ?: throw keys.missing("field")
    val channels = keys.texts("channels", CHANNEL, Redaction.CHANNELS.size) ?: Redaction.OUTWARD
    channels.find { it !in Redaction.CHANNELS }?.let {
        throw keys.wrong("channels", "names $it; there are ${Redaction.CHANNELS.joinToString()}")
    }
    pathProblem(field)?.let { throw keys.wrong("field", it) }
    return Redaction(field, Redaction.CHANNELS.filter { it in channels })
}

private fun path(text: String, node: Node): String = pathProblem(text)?.let { throw BadPolicy(Place.of(node), "$REDACT $it") } ?: text

private const val MOST_ENTRIES = 50
private val PATH = 1..200
private val CHANNEL = 1..20
