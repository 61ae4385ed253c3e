package dev.sesame.broker.audit

import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Requester
import dev.sesame.broker.access.Session
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Facts about who may call, sign in and decide: ids only. */
internal object AccessFacts {
    fun made(requester: Requester) = fact("requester.made", "requester_id" to requester.id, "owner_id" to requester.ownerId)

    fun made(key: ApiKey) = fact("key.made", "key_id" to key.id, "requester_id" to key.requesterId, "mode" to key.mode.value)

    fun made(approver: Approver) = fact("approver.made", "approver_id" to approver.id, "role" to approver.role.name.lowercase())

    fun revokedKey(id: String) = fact("key.revoked", "key_id" to id)

    fun revokedRequester(id: String) = fact("requester.revoked", "requester_id" to id)

    fun revokedApprover(id: String) = fact("approver.revoked", "approver_id" to id)

    fun signedIn(session: Session) = fact("session.began", "session_id" to session.id, "approver_id" to session.approverId)

    private fun fact(name: String, vararg details: Pair<String, String?>) =
        Fact(name, JsonObject(details.mapNotNull { (key, value) -> value?.let { key to JsonPrimitive(it) } }.toMap()))
}
