package dev.sesame.internal

/** The last few texts that were added: a memory with an end. */
internal class Recent(private val most: Int) {
    private val texts = object : LinkedHashMap<String, Unit>() {
        override fun removeEldestEntry(eldest: Map.Entry<String, Unit>) = size > most
    } // guarded by this

    @Synchronized
    operator fun contains(text: String): Boolean = text in texts

    @Synchronized
    fun add(text: String) {
        texts[text] = Unit
    }
}
