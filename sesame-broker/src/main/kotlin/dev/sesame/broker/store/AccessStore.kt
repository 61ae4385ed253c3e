package dev.sesame.broker.store

import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Requester
import java.time.Instant

/** Who may call: requesters with their keys, and approvers with their groups. Secrets are kept as hashes. */
internal interface AccessStore : GroupStore {
    /** Stores a requester; `false` where the name is taken. */
    suspend fun add(requester: Requester): Boolean

    /** Stores a key; `false` where the very same key is there already. */
    suspend fun add(key: ApiKey): Boolean

    /** Stores an approver; `false` where the name or the token is taken. */
    suspend fun add(approver: Approver): Boolean

    /** The requester of that name. */
    suspend fun requesterNamed(name: String): Requester?

    /** The requester with that id. */
    suspend fun requester(id: String): Requester?

    /** The key with that hash, revoked or not. */
    suspend fun keyByHash(hash: String): ApiKey?

    /** The approver with that token hash, revoked or not. */
    suspend fun approverByHash(hash: String): Approver?

    /** The approver with that id, revoked or not. */
    suspend fun approver(id: String): Approver?

    /** Whether that approver is there and not revoked. */
    suspend fun isActive(approverId: String): Boolean

    /** All of them, oldest first. */
    suspend fun requesters(): List<Requester>

    /** All of them, revoked ones too, oldest first. */
    suspend fun keys(): List<ApiKey>

    /** All of them, revoked ones too, oldest first. */
    suspend fun approvers(): List<Approver>

    /** Ends a key; `false` where there is none. Again: no change. */
    suspend fun revokeKey(id: String, at: Instant): Boolean

    /** Ends all keys of a requester, at once; returns the ids of all that it ever had, `null` where there is no such requester. */
    suspend fun revokeRequester(id: String, at: Instant): List<String>?

    /** Ends an approver, with every contact and passkey of theirs; `false` where there is none, or it is the last active admin. Again: no change. */
    suspend fun revokeApprover(id: String, at: Instant): Boolean

    /** A secret of the broker's own under [name], made by [make] at the first asking. */
    suspend fun ownSecret(name: String, make: () -> ByteArray): ByteArray

    /** Puts [value] in its place, whether there was one or not. */
    suspend fun replaceOwnSecret(name: String, value: ByteArray)
}
