package dev.sesame.internal

/** A template such as `{id}.{timestamp}.{body}`, apart: what comes before the body, and what after. */
internal class SignedText(template: String) {
    private val parts = template.split(BODY)
    private val before = parts.first().toPieces()
    private val after = parts.last().toPieces()

    val hasOneBody: Boolean = parts.size == 2
    val hasId: Boolean = ID in before + after
    val hasTimestamp: Boolean = TIMESTAMP in before + after

    fun before(id: String?, timestamp: String?): ByteArray = fill(before, id, timestamp)

    fun after(id: String?, timestamp: String?): ByteArray = fill(after, id, timestamp)

    private fun fill(pieces: List<String>, id: String?, timestamp: String?): ByteArray {
        if (pieces.isEmpty()) return nothing
        val text = StringBuilder(USUAL_LENGTH)
        for (piece in pieces) {
            when (piece) {
                ID -> text.append(id.orEmpty())
                TIMESTAMP -> text.append(timestamp.orEmpty())
                else -> text.append(piece)
            }
        }
        return text.toString().toByteArray()
    }

    companion object {
        const val BODY = "{body}"
        private const val ID = "{id}"
        private const val TIMESTAMP = "{timestamp}"
        private const val USUAL_LENGTH = 64
        private val nothing = ByteArray(0)
        private val piece = Regex("""\{id}|\{timestamp}|(?:(?!\{id}|\{timestamp}).)+""", RegexOption.DOT_MATCHES_ALL)

        private fun String.toPieces(): List<String> = piece.findAll(this).map { it.value }.toList()
    }
}
