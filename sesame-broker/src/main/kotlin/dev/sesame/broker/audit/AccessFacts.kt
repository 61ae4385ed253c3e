package dev.sesame.broker.audit

import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Requester
import dev.sesame.broker.access.Session
import dev.sesame.broker.access.SignInLink
import dev.sesame.broker.access.passkey.Passkey
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.notice.push.Device
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Facts about who may call, sign in and be told: ids only. */
internal object AccessFacts {
    fun made(requester: Requester) = fact("requester.made", "requester_id" to requester.id, "owner_id" to requester.ownerId)

    fun made(key: ApiKey) = fact("key.made", "key_id" to key.id, "requester_id" to key.requesterId, "mode" to key.mode.value)

    fun made(approver: Approver) = fact("approver.made", "approver_id" to approver.id, "role" to approver.role.name.lowercase())

    fun revokedKey(id: String) = fact("key.revoked", "key_id" to id)

    fun revokedRequester(id: String) = fact("requester.revoked", "requester_id" to id)

    fun revokedApprover(id: String) = fact("approver.revoked", "approver_id" to id)

    fun signedIn(session: Session) = fact("session.began", "session_id" to session.id, "approver_id" to session.approverId)

    fun ended(session: Session) = fact("session.ended", "session_id" to session.id, "approver_id" to session.approverId)

    fun made(link: SignInLink) = fact("sign_in_link.made", "approver_id" to link.approverId)

    /** The account itself is nobody else's business: a channel and a person. */
    fun linked(contact: Contact) = fact("${contact.channel}.linked", "approver_id" to contact.approverId)

    fun unlinked(contact: Contact) = fact("${contact.channel}.unlinked", "approver_id" to contact.approverId)
}

/** Facts about groups of approvers. */
internal object GroupFacts {
    fun made(id: String) = fact("group.made", "group_id" to id)

    fun revoked(id: String) = fact("group.revoked", "group_id" to id)

    fun joined(id: String, approverId: String) = fact("group.joined", "group_id" to id, "approver_id" to approverId)

    fun left(id: String, approverId: String) = fact("group.left", "group_id" to id, "approver_id" to approverId)
}

/** Facts about passkeys. */
internal object PasskeyFacts {
    fun added(passkey: Passkey) = fact("passkey.added", passkey)

    fun renamed(passkey: Passkey) = fact("passkey.renamed", passkey)

    fun removed(passkey: Passkey) = fact("passkey.removed", passkey)

    /** Its counter went back: a copy of it may be in use. */
    fun refused(passkey: Passkey) = fact("passkey.refused", passkey)

    private fun fact(name: String, passkey: Passkey) = fact(name, "passkey_id" to passkey.id, "approver_id" to passkey.approverId)
}

/** Facts about browsers that are told by push. */
internal object DeviceFacts {
    fun added(device: Device) = fact("device.added", device)

    fun removed(device: Device) = fact("device.removed", device)

    /** Its push service gave it up. */
    fun lost(device: Device) = fact("device.lost", device)

    private fun fact(name: String, device: Device) = fact(name, "device_id" to device.id, "approver_id" to device.approverId)
}

/** A fact whose details are the texts that aren't `null`. */
internal fun fact(name: String, vararg details: Pair<String, String?>) =
    Fact(name, JsonObject(details.mapNotNull { (key, value) -> value?.let { key to JsonPrimitive(it) } }.toMap()))
