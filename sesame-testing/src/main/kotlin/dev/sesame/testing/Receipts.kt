package dev.sesame.testing

/** What a [FakeBroker] gives as receipts: those of an honest broker, or what a program with `requireReceipt` must not run on. */
public class Receipts private constructor(private val name: String) {
    /** For messages. */
    override fun toString(): String = name

    /** The ways. */
    public companion object {
        /** Each decision has one, signed with the broker's key; so it is until the test says otherwise. */
        @JvmField public val GENUINE: Receipts = Receipts("genuine")

        /** There are none, as from a broker that makes none: `404`, and webhooks go without. */
        @JvmField public val MISSING: Receipts = Receipts("missing")

        /** Each is signed with a key that isn't the broker's, under the name of the broker's. */
        @JvmField public val FOREIGN: Receipts = Receipts("foreign")

        /** Each is signed, and says that it was denied, whatever was decided. */
        @JvmField public val OF_A_DENIAL: Receipts = Receipts("of a denial")
    }
}
