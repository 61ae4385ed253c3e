package dev.sesame.internal

/** The last few texts that were added: a memory with an end. Not for others. */
@InternalSesameApi
public class Recent internal constructor(private val most: Int) {
    /** Some hours of a busy broker's deliveries, in a few hundred kilobytes. */
    public constructor() : this(most = 4096)

    private val texts = object : LinkedHashMap<String, Unit>() {
        override fun removeEldestEntry(eldest: Map.Entry<String, Unit>) = size > most
    } // guarded by this

    /** Whether [text] is among them. */
    @Synchronized
    public operator fun contains(text: String): Boolean = text in texts

    /** Remembers [text]; maybe another is forgotten. */
    @Synchronized
    public fun add(text: String) {
        texts[text] = Unit
    }
}
