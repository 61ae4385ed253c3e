package dev.sesame.bench.kill

/** What a run proved, and what it didn't; [starts] says of each `approve { }` call how often its block started. */
internal fun summaryOf(ledger: Ledger, starts: List<Int>, kills: Int): List<String> {
    val broken = ledger.broken.toList()
    val counts = Act.entries.joinToString(" + ") { "%,d ${it.name.lowercase()}s".format(ledger.count(it)) }
    val total = "%,d".format(Act.entries.sumOf(ledger::count))
    val verdict = if (broken.isEmpty()) "0 of $total acknowledged lost or altered" else "${broken.size} BROKEN of $total"
    return broken.take(SHOWN).map { "BROKEN: $it" } + listOf(
        "$verdict over $kills kills: $counts",
        "${starts.count { it > 1 }} double runs in %,d runs under %,d dedup keys by approve { }".format(starts.sum(), starts.size),
        "${ledger.inDoubt.sum()} calls got no answer: ${ofDoubts(broken.isEmpty())}",
    )
}

/** A broken run stops early and may have found anything: then it says nothing of what it didn't look at. */
private fun ofDoubts(isWhole: Boolean): String =
    if (isWhole) "each was found either done or not done, never in between" else "what became of them isn't proven by a broken run"

private const val SHOWN = 20
