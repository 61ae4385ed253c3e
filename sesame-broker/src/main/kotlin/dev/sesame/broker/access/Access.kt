package dev.sesame.broker.access

import dev.sesame.Mode
import java.time.Instant

/** A program that asks, known by its keys. [ownerId] is the approver who stands behind it, and so may not answer it, unless [allowSelf]. */
internal data class Requester(
    val id: String,
    val name: String,
    val ownerId: String?,
    val createdAt: Instant,
    val allowSelf: Boolean = false,
)

/** One key of a requester; the key itself is nowhere kept. */
internal data class ApiKey(
    val id: String,
    val requesterId: String,
    val mode: Mode,
    val hash: String,
    val lastFour: String,
    val createdAt: Instant,
    val revokedAt: Instant? = null,
)

/** A person who may answer. */
internal data class Approver(
    val id: String,
    val name: String,
    val role: Role,
    val tokenHash: String,
    val lastFour: String,
    val createdAt: Instant,
    val revokedAt: Instant? = null,
)

/** What an approver may do besides deciding. */
internal enum class Role { APPROVER, ADMIN }

/** Who is calling. */
internal sealed interface Caller {
    /** What ends when the credential is revoked. */
    val credentialId: String

    /** Whose quota it is. */
    val holderId: String

    data class AsRequester(val requester: Requester, val key: ApiKey) : Caller {
        override val credentialId: String get() = key.id
        override val holderId: String get() = requester.id
    }

    /** [groups] are the names of those that the approver is in. */
    data class AsApprover(val approver: Approver, val groups: Set<String>) : Caller {
        override val credentialId: String get() = approver.id
        override val holderId: String get() = approver.id
        val isAdmin: Boolean get() = approver.role == Role.ADMIN
    }
}
