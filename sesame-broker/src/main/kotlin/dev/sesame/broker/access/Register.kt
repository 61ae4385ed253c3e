package dev.sesame.broker.access

import dev.sesame.Mode
import dev.sesame.broker.store.AccessStore
import java.time.InstantSource

/** Makes and ends credentials. What it returns in clear is nowhere kept. */
internal class Register(
    private val access: AccessStore,
    private val ids: Ids,
    private val random: (Int) -> ByteArray,
    private val clock: InstantSource,
    private val revocations: Revocations,
) {
    /** `null` where the name is taken, or the id. */
    suspend fun addRequester(name: String, ownerId: String? = null, allowSelf: Boolean = false, id: String = ids.requester()): Requester? =
        Requester(id, name, ownerId, clock.instant(), allowSelf).takeIf { access.add(it) }

    /** A new key of [mode] for the requester of that name, who is made if new; `null` where one with that [id] was made before. */
    suspend fun addKey(requesterName: String, mode: Mode, id: String = ids.key()): Pair<ApiKey, Secret>? =
        keep(requesterName, newKey(mode), mode, id)

    fun newKey(mode: Mode): Secret = Secret.make((if (mode == Mode.TEST) Secret.TEST_KEY else Secret.LIVE_KEY) + Secret.SELF_HOSTED, random)

    /** Keeps a key of [mode] that was made elsewhere; `null` where it is kept already. */
    suspend fun keep(requesterName: String, secret: Secret, mode: Mode, id: String = ids.key()): Pair<ApiKey, Secret>? {
        val requester = access.requesterNamed(requesterName) ?: addRequester(requesterName) ?: access.requesterNamed(requesterName)!!
        val key = ApiKey(id, requester.id, mode, secret.hash, secret.lastFour, clock.instant())
        return if (access.add(key)) key to secret else null
    }

    /** `null` where the name is taken, or the id. */
    suspend fun addApprover(name: String, role: Role, secret: Secret = newToken(), id: String = ids.approver()): Pair<Approver, Secret>? {
        val approver = Approver(id, name, role, secret.hash, secret.lastFour, clock.instant())
        return if (access.add(approver)) approver to secret else null
    }

    fun newToken(): Secret = Secret.make(Secret.APPROVER_TOKEN, random)

    suspend fun revokeKey(id: String): Boolean = access.revokeKey(id, clock.instant()).also { if (it) revocations.revoke(id) }

    /** Ends all keys that the requester has now, and what they hold open; `false` where there is no such requester. */
    suspend fun revokeRequester(id: String): Boolean {
        val keys = access.revokeRequester(id, clock.instant()) ?: return false
        keys.forEach(revocations::revoke)
        return true
    }

    /** `null` where the name is taken. */
    suspend fun addGroup(name: String): Group? = Group(ids.group(), name, clock.instant()).takeIf { access.add(it) }

    /** Ends a group. The streams of its members end, so that they begin again with what they may see now. */
    suspend fun revokeGroup(id: String): Boolean {
        val members = access.groups().find { it.id == id }?.memberIds.orEmpty()
        return access.revokeGroup(id, clock.instant()).also { members.forEach(revocations::move) }
    }

    suspend fun addMember(groupId: String, approverId: String): Boolean =
        access.addMember(groupId, approverId, clock.instant()).also { if (it) revocations.move(approverId) }

    suspend fun removeMember(groupId: String, approverId: String): Boolean =
        access.removeMember(groupId, approverId, clock.instant()).also { if (it) revocations.move(approverId) }

    suspend fun revokeApprover(id: String): Boolean = access.revokeApprover(id, clock.instant()).also { if (it) revocations.revoke(id) }
}
