package dev.sesame.broker.store

import dev.sesame.broker.access.passkey.Passkey
import java.time.Instant

/**
 * Where passkeys of approvers are kept, and which challenges were answered. A revoked approver has none.
 *
 * Every adapter passes `PasskeyStoreContract`. What it has acknowledged is on disk.
 */
internal interface PasskeyStore {
    /** Stores it; `false` where it is known, its approver isn't there or was revoked, or has [Passkey.MOST] already. */
    suspend fun add(passkey: Passkey): Boolean

    /** Those of the approver, or all where it is `null`, oldest first. */
    suspend fun list(approverId: String?): List<Passkey>

    /** The one that its device calls so. */
    suspend fun byCredential(credentialId: String): Passkey?

    /**
     * It signed at [at], and its device counts [signatureCount] by now; `false` where it is gone, or its count doesn't go on from the one that is
     * kept: greater, or 0 as it always was. Then nothing is changed.
     */
    suspend fun use(id: String, signatureCount: Long, isBackedUp: Boolean, at: Instant): Boolean

    /** Its counter went back at that time. */
    suspend fun suspect(id: String, at: Instant)

    /** Gives it another name; `false` where the approver has none with this id. */
    suspend fun rename(id: String, approverId: String, name: String, at: Instant): Boolean

    /** Forgets it; `false` where the approver has none with this id. */
    suspend fun remove(id: String, approverId: String, at: Instant): Boolean

    /** Forgets all of the approver's; returns how many. */
    suspend fun removeAll(approverId: String, at: Instant): Int

    /** Keeps until [expiresAt] that the challenge was answered; `false` where that is kept already. What expired by [now] is forgotten. */
    suspend fun spend(challengeHash: String, expiresAt: Instant, now: Instant): Boolean
}
