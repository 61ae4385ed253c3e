package dev.sesame.bench.faults

/**
 * Holds the driver's history against what the brokers have at the end: pure, of [lines] and of [documents] by id, each as what must stand of it.
 *
 * Calls without an answer may have done what they asked, or not; nothing may stand that nobody asked for.
 */
internal class Judge(private val lines: List<Line>, private val documents: Map<String, Map<String, String>>) {
    private val byId: Map<String, List<Line>> = lines.filter { it.id != null }.groupBy { it.id.orEmpty() }

    /** What is broken of the promises, in words; nothing where all were kept. */
    fun broken(): List<String> =
        byId.flatMap { (id, told) -> ofOne(told, documents[id]).map { "${told.first().key} ($id) $it" } } + ofKeys() + ofAnswers()

    private fun ofOne(told: List<Line>, document: Map<String, String>?): List<String> {
        val acknowledged = told.filter { it.said == Said.DONE }
        if (document == null) return listOf("LOST: ${acknowledged.size} calls about it were acknowledged, and it is gone")
        return altered(acknowledged, document) + decided(told, document) + Runs(told, document).broken() + webhooks(told, document)
    }

    /** What was acknowledged stands as it was. */
    private fun altered(acknowledged: List<Line>, document: Map<String, String>): List<String> = acknowledged.flatMap { line ->
        val mayMove = if (line.hasEnded) moving else moving + ofTheEnd
        line.facts.filter { (name, was) -> name !in mayMove && name != "key" && document[name] != was }.map { (name, was) ->
            val kind = if (name in ofTheEnd && document["status"] in ends) "DOUBLE DECISION" else "LOST"
            "$kind: ${line.call} was acknowledged with $name $was, and it is ${document[name]}"
        }
    }

    private fun decided(told: List<Line>, document: Map<String, String>): List<String> {
        val votes = told.filter { it.said == Said.DONE && it.call in votes }
        val asked = told.filter { it.said == Said.ASKS }.map { it.call }
        val status = document["status"]
        return listOfNotNull(
            "DOUBLE DECISION: ${votes.size} were acknowledged: ${votes.joinToString { it.call }}".takeIf { votes.size > 1 },
            "LOST: it is still $status, and everybody who waits was told of an end".takeIf { status !in ends },
            "is $status, and nobody asked for that".takeIf { status in ends && askedBy[status] !in asked },
        )
    }

    private fun webhooks(told: List<Line>, document: Map<String, String>): List<String> {
        val came = told.filter { it.said == Said.CAME }
        val others = came.mapNotNull { it.facts["status"] }.filter { it != document["status"] }
        return listOfNotNull(
            "LOST: its webhook never came".takeIf { came.isEmpty() && document["status"] in ends },
            "DOUBLE DECISION: a webhook told that it was ${others.firstOrNull()}, and it is ${document["status"]}".takeIf {
                others.isNotEmpty()
            },
            "its one webhook came under several ids".takeIf { came.mapNotNull { it.facts["webhook_id"] }.distinct().size > 1 },
        )
    }

    /** A key stands for one question; only one that was taken back makes room for another. */
    private fun ofKeys(): List<String> {
        val mine = lines.map { it.key }.toSet()
        val asked = documents.values.filter { it["key"] in mine }.groupBy { it["key"] }
        return asked.filter { (_, all) -> all.count { it["status"] != "cancelled" } > 1 }
            .map { (key, all) -> "$key was asked twice: ${all.joinToString { it["id"].orEmpty() }}" } +
            (mine - asked.keys - "").map { "$it LOST: the broker knows of no such question" }
    }

    private fun ofAnswers(): List<String> = lines.mapNotNull { line ->
        when {
            line.said == Said.REFUSED && line.facts["code"] != "already_decided" ->
                "${line.key}: ${line.call} was refused: ${line.facts["code"]}"

            line.said == Said.THREW && line.facts["exception"] !in Runs.expected -> "${line.key} ended with ${line.facts["exception"]}"

            line.said == Said.FORGED -> "a webhook came that can't be trusted: ${line.facts["reason"]}"

            else -> null
        }
    }

    private val Line.hasEnded get() = facts["status"] in ends

    companion object {
        private val ofTheEnd = setOf("status", "decided_at", "by")

        /** How far the run got goes on by itself. */
        private val moving = setOf("execution")
        private val votes = setOf("approve", "deny")
        private val askedBy = mapOf("approved" to "approve", "denied" to "deny", "cancelled" to Door.CANCEL)
        val ends: Set<String> = askedBy.keys + "expired"
    }
}
