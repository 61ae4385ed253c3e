package dev.sesame.internal

/** A template such as `{id}.{timestamp}.{body}`, apart: what comes before the body, and what after. All of it is ASCII. */
internal class SignedText(template: String) {
    private val parts = template.split(BODY)
    private val before = toPieces(parts.first())
    private val after = toPieces(parts.last())

    val hasOneBody: Boolean = parts.size == 2
    val hasId: Boolean = ID in before + after
    val hasTimestamp: Boolean = TIMESTAMP in before + after

    fun before(id: String?, timestamp: String?): ByteArray = fill(before, id, timestamp)

    fun after(id: String?, timestamp: String?): ByteArray = fill(after, id, timestamp)

    private fun fill(pieces: Array<String>, id: String?, timestamp: String?): ByteArray {
        if (pieces.isEmpty()) return nothing
        var size = 0
        for (piece in pieces) size += value(piece, id, timestamp).length
        val bytes = ByteArray(size)
        var at = 0
        for (piece in pieces) {
            for (char in value(piece, id, timestamp)) bytes[at++] = char.code.toByte()
        }
        return bytes
    }

    private fun value(piece: String, id: String?, timestamp: String?): String = when {
        piece === ID -> id.orEmpty()
        piece === TIMESTAMP -> timestamp.orEmpty()
        else -> piece
    }

    companion object {
        const val BODY = "{body}"
        private const val ID = "{id}"
        private const val TIMESTAMP = "{timestamp}"
        private val nothing = ByteArray(0)
        private val piece = Regex("""\{id}|\{timestamp}|(?:(?!\{id}|\{timestamp}).)+""")

        /** The marks become the very constants, so that they are told apart without being read. */
        private fun toPieces(text: String): Array<String> = piece.findAll(text).map { found ->
            when (val value = found.value) {
                ID -> ID
                TIMESTAMP -> TIMESTAMP
                else -> value
            }
        }.toList().toTypedArray()
    }
}
