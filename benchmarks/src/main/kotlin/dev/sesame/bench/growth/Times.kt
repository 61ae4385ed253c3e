package dev.sesame.bench.growth

import java.util.Locale

/** How long each call took on one engine, by how many were stored: the last column says how flat that is. */
internal class Times(private val engine: String) {
    private val took = LinkedHashMap<Int, Map<String, Took>>()

    fun add(stored: Int, times: Map<String, Took>) {
        took[stored] = times
    }

    fun lines(): List<String> {
        val head = row("$engine, p50 / p99", took.keys.map { "%,d stored".format(Locale.ROOT, it) }, "most : least")
        return listOf("", head) + took.values.first().keys.map(::line)
    }

    private fun line(call: String): String {
        val all = took.values.map { it.getValue(call) }
        return row(
            call,
            all.map { "%.2f / %.2f ms".format(Locale.ROOT, it.p50, it.p99) },
            "%.2fx".format(Locale.ROOT, all.last().p50 / all.first().p50),
        )
    }

    private fun row(label: String, cells: List<String>, ratio: String) =
        ("%-42s".format(label) + cells.joinToString("") { "%-22s".format(it) } + ratio).trimEnd()
}
