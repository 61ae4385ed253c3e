package dev.sesame.rules

/** What a ruling comes to: the event that happens and the refusal, if any. */
internal data class Outcome(val event: Event?, val refusal: Refusal?) {
    companion object {
        fun of(ruling: Ruling): Outcome = Outcome(ruling.transition?.event, (ruling as? Ruling.Refused)?.refusal)

        /** As a cell says it: `EVENT`, `refusal`, `-` where it is granted and changes nothing, `^` where it expires on the way. */
        fun of(cell: String): Outcome = when {
            cell == "-" -> Outcome(null, null)
            cell.startsWith("^") -> Outcome(Event.EXPIRED, Refusal.valueOf(cell.drop(1).uppercase()))
            cell == cell.lowercase() -> Outcome(null, Refusal.valueOf(cell.uppercase()))
            else -> Outcome(Event.valueOf(cell), null)
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
