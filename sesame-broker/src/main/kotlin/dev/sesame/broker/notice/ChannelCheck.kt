package dev.sesame.broker.notice

/** Finds out whether a channel works, by really sending something. */
internal interface ChannelCheck {
    /** The channel's, as it stands in the store. */
    val name: String

    /** Sends a test message to that approver, and returns when the channel has taken it or said why not. */
    suspend fun test(approverId: String): Told
}

/**
 * A channel that this broker can send over, on or off: [check] is `null` where it is off. [turnedOnBy] and [shapedBy] are environment
 * variables, without their values.
 */
internal class KnownChannel(
    val name: String,
    val title: String,
    val turnedOnBy: List<String>,
    val shapedBy: List<String>,
    val check: ChannelCheck?,
)
