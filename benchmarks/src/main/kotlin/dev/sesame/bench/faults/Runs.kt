package dev.sesame.bench.faults

/** What the SDK did about one approval, and what its callers were told. */
internal class Runs(private val told: List<Line>, private val document: Map<String, String>) {
    private val status = document["status"]

    fun broken(): List<String> = ofBlocks() + ofWords()

    private fun ofBlocks(): List<String> {
        val begun = told.filter { it.said == Said.BEGUN }
        val approvals = told.indexOfFirst { it.said == Said.ASKS && it.call == "approve" }
        val first = told.indexOfFirst { it.said == Said.BEGUN }
        return listOfNotNull(
            "DOUBLE RUN: its block began ${begun.size} times".takeIf { begun.size > 1 },
            "RAN WITHOUT APPROVAL: it is $status".takeIf { begun.isNotEmpty() && status != "approved" },
            "RAN WITHOUT APPROVAL: nobody had said yes".takeIf { first >= 0 && (approvals < 0 || approvals > first) },
        )
    }

    private fun ofWords(): List<String> {
        val returned = told.count { it.said == Said.RETURNED }
        val ended = told.count { it.said == Said.ENDED }
        val isSettled = document["execution"] == "succeeded" || told.any { it.said == Said.UNREPORTED }
        return listOfNotNull(
            "returned $returned times, and its block ended $ended times".takeIf { returned > ended },
            "LOST: its run returned and was reported, and it shows as ${document["execution"]}".takeIf { returned > 0 && !isSettled },
        ) + told.filter { it.said == Said.THREW }.mapNotNull { thrown ->
            val says = ends[thrown.facts["exception"]]
            "DOUBLE DECISION: a call was told $says, and it is $status".takeIf { says != null && says != status }
        }
    }

    companion object {
        private val ends = mapOf(
            "ApprovalDeniedException" to "denied",
            "ApprovalExpiredException" to "expired",
            "ApprovalWithdrawnException" to "cancelled",
        )

        /** What a call may end with that runs nothing: each is safe. */
        val expected: Set<String> = ends.keys +
            setOf("AlreadyClaimedException", "AlreadyExecutedException", "ExecutionUnknownException", "BrokerUnavailableException")
    }
}
