package dev.sesame.broker.delivery

/** A secret as it stands on the disk: of no use without the broker's key. */
@JvmInline
internal value class SealedSecret(val text: String)
