package dev.sesame.broker.policy.yaml

import org.snakeyaml.engine.v2.nodes.MappingNode
import org.snakeyaml.engine.v2.nodes.Node
import org.snakeyaml.engine.v2.nodes.ScalarNode
import org.snakeyaml.engine.v2.nodes.SequenceNode
import org.snakeyaml.engine.v2.nodes.Tag

/**
 * A mapping's keys, of which only those of [known] may be there, each once; every value is asked for by what it must be.
 *
 * [what] names the mapping in words.
 */
internal class Keys(private val node: MappingNode, private val what: String, known: List<String>) {
    private val values = HashMap<String, Node>()

    init {
        node.value.forEach { entry ->
            val key = (entry.keyNode as? ScalarNode)?.value ?: throw BadPolicy(Place.of(entry.keyNode), "a key of $what is a plain word")
            if (key !in known) {
                throw BadPolicy(Place.of(entry.keyNode), "${shownKey(key)} is no key of $what; there are ${known.joinToString()}")
            }
            if (values.put(key, entry.valueNode) != null) throw BadPolicy(Place.of(entry.keyNode), "$key stands in $what twice")
        }
    }

    fun has(key: String): Boolean = key in values

    fun placeOf(key: String): Place = values[key]?.let(Place::of) ?: Place.of(node)

    fun missing(key: String) = BadPolicy(Place.of(node), "$what needs the key $key")

    fun wrong(key: String, problem: String) = BadPolicy(placeOf(key), "$key $problem")

    fun text(key: String, length: IntRange): String? = values[key]?.let { text(it, key, length) }

    /** An item of the list at [key], which must be a text. */
    fun item(node: Node, key: String, length: IntRange): String = text(node, key, length)

    /** One text, or a sequence of them; each once. */
    fun texts(key: String, length: IntRange, atMost: Int, atLeast: Int = 1): List<String>? {
        val value = values[key] ?: return null
        val items = (value as? SequenceNode)?.value ?: listOf(value)
        if (items.size !in atLeast..atMost) throw wrong(key, "must be one of them, or a list of $atLeast to $atMost")
        val texts = items.map { text(it, key, length) }
        texts.groupingBy { it }.eachCount().forEach { (text, count) -> if (count > 1) throw wrong(key, "names $text twice") }
        return texts
    }

    fun scalar(key: String): ScalarNode? = values[key]?.let { it as? ScalarNode ?: throw wrong(key, "must be a text") }

    fun whole(key: String, range: IntRange): Int? = values[key]?.let { whole(it, key, range) }

    private fun whole(value: Node, key: String, range: IntRange): Int {
        val number = (value as? ScalarNode)?.takeIf { it.tag == Tag.INT }?.value?.toIntOrNull()
        val wanted = if (range.first == range.last) "${range.first}" else "a whole number from ${range.first} to ${range.last}"
        return number?.takeIf { it in range } ?: throw BadPolicy(Place.of(value), "$key must be $wanted")
    }

    /** A list of whole numbers, none of them too, each larger than the one before. */
    fun growing(key: String, range: IntRange, atMost: Int): List<Int>? {
        val value = values[key] ?: return null
        val items = (value as? SequenceNode)?.value
        if (items == null || items.size > atMost) throw wrong(key, "must be a list of at most $atMost whole numbers")
        val numbers = items.map { whole(it, key, range) }
        numbers.zipWithNext().indexOfFirst { (one, next) -> next <= one }.takeIf { it >= 0 }?.let {
            throw BadPolicy(Place.of(items[it + 1]), "$key must grow: each number is larger than the one before")
        }
        return numbers
    }

    /** A mapping with keys of its own. */
    fun within(key: String, known: List<String>): Keys? {
        val value = values[key] ?: return null
        return Keys(value as? MappingNode ?: throw wrong(key, "must be a mapping with the keys ${known.joinToString()}"), key, known)
    }

    fun flag(key: String): Boolean? {
        val value = values[key] ?: return null
        val word = (value as? ScalarNode)?.takeIf { it.tag == Tag.BOOL }?.value
        return word?.lowercase()?.toBooleanStrictOrNull() ?: throw wrong(key, "must be true or false")
    }

    fun sequence(key: String): List<Node>? =
        values[key]?.let { (it as? SequenceNode)?.value ?: throw wrong(key, "must be a list: each with a - before it") }

    /** Names and whole numbers. */
    fun counts(key: String, length: IntRange, range: IntRange, atMost: Int): Map<String, Int>? {
        val value = values[key] ?: return null
        val entries = (value as? MappingNode)?.value ?: throw wrong(key, "must be a mapping of names to numbers")
        if (entries.isEmpty() || entries.size > atMost) throw wrong(key, "must have 1 to $atMost entries")
        val names = entries.map { text(it.keyNode, key, length) }
        val inner = Keys(value, key, names)
        return names.associateWith { inner.whole(it, range)!! }
    }

    private fun text(value: Node, key: String, length: IntRange): String {
        // An unquoted yes or 12 is meant as the word that it looks like only by chance.
        val text = (value as? ScalarNode)?.takeIf { it.tag == Tag.STR }?.value
            ?: throw BadPolicy(Place.of(value), "$key must be a text${if (value is ScalarNode) ": put it in quotes" else ""}")
        val characters = text.codePointCount(0, text.length)
        if (characters !in length) {
            throw BadPolicy(Place.of(value), "$key must have ${length.first} to ${length.last} characters, not $characters")
        }
        if (text.any { it.isISOControl() && it != '\n' }) throw BadPolicy(Place.of(value), "$key must not have control characters")
        return text
    }

    private fun shownKey(key: String) = if (key.length <= LONGEST_SHOWN) key else key.take(LONGEST_SHOWN) + "…"

    private companion object {
        const val LONGEST_SHOWN = 60
    }
}
