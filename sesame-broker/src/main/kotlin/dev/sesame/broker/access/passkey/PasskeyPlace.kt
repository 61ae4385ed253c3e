package dev.sesame.broker.access.passkey

/** The host that passkeys are made for and the one origin where they are taken, in the words of WebAuthn. */
internal data class PasskeyPlace(val rpId: String, val origin: String)
