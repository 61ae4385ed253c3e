package dev.sesame.bench.once

/** All that is known of one message at the end: what was allowed, what workers did and said, and what the broker holds. */
internal class Story(
    val id: String,
    /** Whether any approver ever sent a yes for it. */
    val isWanted: Boolean,
    /** In the order in which they came. */
    val words: List<Word>,
    val runs: List<BlockRun>,
    /** The approval's status and its run's state; `null` where there is none. */
    val status: String?,
    val execution: String?,
    /** Claims of which the driver saw to it that they can't have run. */
    val deadClaims: Int = 0,
) {
    /** What is broken of the promise, in words; nothing where it was kept. */
    fun broken(): List<String> = (runsBroken() + listOfNotNull(endBroken())).map { "$id $it" }

    /** At most one run, and one more for each time that somebody allowed it on purpose. */
    private fun runsBroken(): List<String> {
        val most = 1 + words.count { it.allowsOneMore } - deadClaims
        val ended = runs.count { it.isEnded }
        val returned = words.count { it == Word.DONE }
        return listOfNotNull(
            "DOUBLE RUN: began ${runs.size} times where $most were allowed: ${runs.joinToString { it.by }}".takeIf { runs.size > most },
            "ran, and the approval is ${status ?: "unknown to the broker"}".takeIf { runs.isNotEmpty() && status != "approved" },
            "ran, and nobody said yes".takeIf { runs.isNotEmpty() && !isWanted },
            "was said to be done $returned times, and ended $ended times".takeIf { returned > ended },
            "ended with an exception that no call should see".takeIf { Word.FAULT in words },
        )
    }

    private fun endBroken(): String? = when {
        words.none { it.endsIt } -> "LOST: nobody ever said how it ended"
        status == "denied" -> "was denied, and nobody was told".takeIf { Word.DENIED !in words }
        status == "expired" -> "expired, and nobody was told".takeIf { Word.EXPIRED !in words }
        status == "approved" -> executionBroken()
        else -> "LOST: its approval is ${status ?: "unknown to the broker"}"
    }

    private fun executionBroken(): String? = when (execution) {
        "succeeded" ->
            "counts as done, and no run of it ended".takeIf { runs.none { it.isEnded } && Word.SETTLED_AS_DONE !in words }

        "unknown" ->
            "UNSAID: its outcome is unknown, and no redelivery was told so".takeIf {
                words.lastIndexOf(Word.UNKNOWN) <= words.indexOfLast { it.allowsOneMore }
            }

        "claimed" -> "is claimed still, long after its lease"

        else -> "LOST: approved, and ${execution ?: "never run"}"
    }
}

/** One start of the block, by whom, and whether it came to its end. */
internal class BlockRun(val by: String, val isEnded: Boolean)

/** What happened to a message that its own files and documents don't show: a worker's word to the queue, or somebody's word on its run. */
internal enum class Word(val exception: String? = null, val endsIt: Boolean = false, val allowsOneMore: Boolean = false) {
    DONE(endsIt = true),
    DENIED("ApprovalDeniedException", endsIt = true),
    EXPIRED("ApprovalExpiredException", endsIt = true),
    EXECUTED("AlreadyExecutedException", endsIt = true),
    UNKNOWN("ExecutionUnknownException", endsIt = true),
    CLAIMED("AlreadyClaimedException"),
    UNAVAILABLE("BrokerUnavailableException"),

    /** Any other exception. */
    FAULT,
    ALLOWED_BY_ADMIN(allowsOneMore = true),
    ALLOWED_BY_CALLER(allowsOneMore = true),
    SETTLED_AS_DONE,
    ;

    companion object {
        /** What a worker printed: `DONE`, or the name of what `approve` threw. */
        fun of(printed: String): Word = if (printed == DONE.name) DONE else entries.find { it.exception == printed } ?: FAULT
    }
}
