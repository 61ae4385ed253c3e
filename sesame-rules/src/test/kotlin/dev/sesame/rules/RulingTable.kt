package dev.sesame.rules

/** What a ruling comes to: the event that happens, the refusal, if any, and whether the command is to be judged [again]. */
internal data class Outcome(val event: Event?, val refusal: Refusal?, val again: Boolean = false) {
    companion object {
        private val byTime = mapOf('^' to Event.EXPIRED, '+' to Event.APPROVED, '!' to Event.DENIED)

        fun of(ruling: Ruling): Outcome =
            Outcome(ruling.transition?.event, (ruling as? Ruling.Refused)?.refusal, again = ruling is Ruling.TimeFirst)

        /**
         * As a cell says it: `EVENT`, `refusal`, `-` where it is granted and changes nothing; `^` where time expires it on the way, `+` and `!`
         * where its test answer approves or denies it then; `again` where the command is to be judged once more after that.
         */
        fun of(cell: String): Outcome {
            val event = byTime[cell.first()]
            return when {
                cell == "-" -> Outcome(null, null)
                event != null && cell.drop(1) == "again" -> Outcome(event, null, again = true)
                event != null && cell.drop(1) == "-" -> Outcome(event, null)
                event != null -> Outcome(event, Refusal.valueOf(cell.drop(1).uppercase()))
                cell == cell.lowercase() -> Outcome(null, Refusal.valueOf(cell.uppercase()))
                else -> Outcome(Event.valueOf(cell), null)
            }
        }
    }
}

internal data class Cell(val state: State, val move: Move)

/** Reads a table with a row for each state and a column for each move; a cell that isn't written is absent from the result. */
internal fun rulingTable(text: String): List<Pair<Cell, Outcome>> {
    val lines = text.lines().filter { it.isNotBlank() }.map { line -> line.split('|').map { it.trim() } }
    val moves = lines.first().drop(1).map { Move.valueOf(it.asName()) }
    return lines.drop(1).flatMap { row ->
        check(row.size <= moves.size + 1) { "more cells than columns: $row" }
        row.drop(1).zip(moves) { cell, move -> Cell(State.valueOf(row.first().asName()), move) to cell }
            .filter { (_, cell) -> cell.isNotEmpty() }
            .map { (place, cell) -> place to Outcome.of(cell) }
    }
}

private fun String.asName() = uppercase().replace(' ', '_')
