package dev.sesame.hostile

import kotlin.random.Random

/**
 * [document], valid JSON, spoiled in one to three places: values of another kind, size or depth, names that are there twice, are missing, or
 * that nobody knows; sometimes as mere text, so that it may be no JSON any more.
 */
public fun Random.spoiledJson(document: String): String = when (nextInt(10)) {
    0 -> spoiled(document)
    1 -> spoiled(spoiledTree(document))
    else -> spoiledTree(document)
}

/** A value of JSON that was made up at random, and may be none. */
public fun Random.anyJson(): String = anyTree(ANY_DEPTH).toString()

private fun Random.spoiledTree(document: String): String {
    val tree = JsonTree.parse(document)
    repeat(nextInt(1, 4)) { spoil(tree) }
    return tree.toString()
}

private fun Random.spoil(tree: JsonTree) {
    val place = tree.places().random(this)
    val members = place.members
    if (members.isEmpty() || nextInt(3) == 0) return place.becomes(odd(tree))
    val at = nextInt(members.size)
    val (name, value) = members[at]
    when (nextInt(7)) {
        0 -> members.removeAt(at)
        1 -> members.add(nextInt(members.size + 1), name to odd(tree))
        2 -> members.add(at, name to value)
        3 -> members[at] = name?.let(::oddName) to value
        4 -> members.add(nextInt(members.size + 1), name?.let(::oddName) to odd(tree))
        5 -> members.shuffle(this)
        else -> members[at] = name to odd(tree)
    }
}

/** Any value: an oddity, another one of the same document, one nested deep, a long list. */
private fun Random.odd(tree: JsonTree): JsonTree = when (nextInt(24)) {
    0 -> JsonTree.of(nested(nextInt(DEEP)))
    1 -> JsonTree.of(nested(nextInt(DEEPEST)))
    in 2..6 -> JsonTree.of(tree.places().random(this).toString())
    7 -> JsonTree.of("\"" + "x".repeat(nextInt(LONGEST_TEXT)) + "\"")
    8 -> anyTree(ANY_DEPTH)
    else -> JsonTree.of(Oddities.values.random(this))
}

private fun Random.nested(depth: Int): String = when (nextInt(4)) {
    0 -> "[".repeat(depth) + "]".repeat(depth)
    1 -> "{\"a\":".repeat(depth) + "1" + "}".repeat(depth)
    2 -> "[{\"a\":".repeat(depth / 2) + "1" + "}]".repeat(depth / 2)
    else -> "[".repeat(depth)
}

private fun Random.oddName(name: String): String = when (nextInt(4)) {
    0 -> "\"\""

    1 -> "\"\\u0000\""

    2 -> "\"\\u%04x".format(name.getOrElse(1) { 'x' }.code) + name.drop(2)

    // the same name, written otherwise
    else -> name.dropLast(1) + "x\""
}

private fun Random.anyTree(depth: Int): JsonTree = when (if (depth == 0) 0 else nextInt(4)) {
    1 -> JsonTree.list(List(nextInt(WIDEST)) { null to anyTree(depth - 1) })
    2 -> JsonTree.fields(List(nextInt(WIDEST)) { "\"${"abc"[nextInt(3)]}\"" to anyTree(depth - 1) })
    else -> JsonTree.of(Oddities.values.random(this))
}

private const val ANY_DEPTH = 4
private const val WIDEST = 5
private const val DEEP = 200
private const val DEEPEST = 20_000
private const val LONGEST_TEXT = 70_000
