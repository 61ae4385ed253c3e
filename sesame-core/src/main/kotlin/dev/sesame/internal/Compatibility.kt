package dev.sesame.internal

/**
 * What is wrong with these versions of libraries, by the names of their jars: a sentence for each finding. A library that isn't among them, or
 * whose version isn't like `1.10.2`, is not judged; nor is what merely was never tried.
 */
internal fun incompatibilities(found: Map<String, String>): List<String> {
    val unmet = needs.filter { need -> need.applies(found) && found.isBefore(need.library, need.atLeast) }
    return unmet.groupBy { need -> Triple(found[need.library], need.atLeast, need.beside != null) }.values.map { alike ->
        val need = alike.first()
        val libraries = alike.map { it.library }.distinct().joinToString(" and ")
        val newer = "${need.atLeast} or newer"
        val wanted = need.beside?.let { "${it.library} ${found[it.library]} needs $newer" } ?: "$newer is needed"
        "$libraries ${found[need.library]} is too old: $wanted"
    }
}

/** From which version on everything that the client and its other libraries call is there, and does what they take for granted. */
private val needs: List<Need> = run {
    val ktor = listOf("ktor-client-core", "ktor-http", "ktor-io")
    listOf(
        Need("kotlin-stdlib", "2.2.0"), // before: no sequenceOf(one), which Ktor 3.4 calls
        Need("kotlinx-coroutines-core", "1.9.0"), // before: no limitedParallelism with a name
        Need("kotlinx-serialization-core", "1.8.0"), // before: generated serializers end in AbstractMethodError
    ) +
        ktor.map { Need(it, "3.4.0") } + // before: HttpMethod keeps its constants to itself
        // Calls the `$default` of coroutines' interfaces where only 1.11 has it.
        ktor.map { Need("kotlinx-coroutines-core", "1.11.0", beside = Library(it, "3.5.0")) } +
        Need("ktor-io", "3.5.0", beside = Library("ktor-client-core", "3.5.0"))
}

/** [library] must be [atLeast] so new; with [beside], only where that one is. */
private class Need(val library: String, val atLeast: String, val beside: Library? = null) {
    fun applies(found: Map<String, String>) = beside == null || !found.isBefore(beside.library, beside.version, ifUnknown = true)
}

private class Library(val library: String, val version: String)

private fun Map<String, String>.isBefore(library: String, version: String, ifUnknown: Boolean = false): Boolean {
    val numbers = this[library]?.let(::numbersOf) ?: return ifUnknown
    val wanted = numbersOf(version) ?: return ifUnknown
    val first = numbers.indices.firstOrNull { numbers[it] != wanted[it] } ?: return false
    return numbers[first] < wanted[first]
}

/** The three numbers of a version; what follows them, as in `-RC2`, doesn't count. */
private fun numbersOf(version: String): List<Int>? = Regex("""(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:[^\d.].*)?""").matchEntire(version)
    ?.groupValues?.drop(1)?.map { if (it.isEmpty()) 0 else it.toInt() }
