package dev.sesame.broker.access.passkey

import java.time.Instant

/** What an approver signs in with; here is its public half, the other one never leaves the device or its owner's key store. */
internal data class Passkey(
    val id: String,
    val approverId: String,
    /** What its device calls it, as base64url. */
    val credentialId: String,
    /** A COSE key (RFC 9052), as base64url. */
    val publicKey: String,
    /** The host that it was made for. */
    val rpId: String,
    val name: String,
    /** How often it has signed, where its device counts; else 0. */
    val signatureCount: Long,
    /** How browsers reach its device, such as `internal` or `usb`. */
    val transports: Set<String>,
    /** It may be copied to other devices of its owner. */
    val isBackupEligible: Boolean,
    val isBackedUp: Boolean,
    val createdAt: Instant,
    val usedAt: Instant? = null,
    /** When its counter last went back: a copy of it may be about. */
    val suspectAt: Instant? = null,
) {
    companion object {
        /** For each approver: more than anybody has devices. */
        const val MOST = 10
        const val LONGEST_NAME = 60
    }
}
