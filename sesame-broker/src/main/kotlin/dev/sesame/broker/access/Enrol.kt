package dev.sesame.broker.access

import dev.sesame.Mode
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.Fields
import dev.sesame.rules.GROUP_NAME
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode

/**
 * What admins do about who may ask and who may answer, the same for programs and for pages: it takes the fields one by one, and whatever
 * can't be done is a [Problem] that says why.
 */
internal class Enrol(private val access: AccessStore, private val register: Register, private val ids: Ids) {
    /** The requester, and the name of its owner. */
    suspend fun requester(fields: Fields, id: String = ids.requester()): Pair<Requester, String?> {
        val name = fields.text("name", NAME, required = true).orEmpty()
        val owner = fields.text("owner", NAME)?.let { who -> active(who) ?: fields.refuse("owner", "is no active approver's name or id") }
        val allowSelf = fields.flag("allow_self")
        fields.done()
        val requester = register.addRequester(name, owner?.id, allowSelf, id) ?: throw taken(name)
        return requester to owner?.name
    }

    /** A key for the requester that the fields name, who is made if new. The same [id] again makes no other one. */
    suspend fun key(fields: Fields, id: String = ids.key()): MadeKey {
        val name = fields.text("requester", NAME, required = true).orEmpty()
        val mode = fields.oneOf("mode", listOf(Mode.LIVE.value, Mode.TEST.value))?.let(Mode::of) ?: Mode.LIVE
        fields.done()
        val (key, secret) = register.addKey(name, mode, id) ?: throw Problem(ProblemCode.NAME_TAKEN, "this key was made already")
        return MadeKey(name, key, secret)
    }

    /** The approver, in the groups that the fields name. */
    suspend fun approver(fields: Fields, id: String = ids.approver()): MadeApprover {
        val name = fields.text("name", NAME, required = true).orEmpty()
        val role = fields.oneOf("role", Role.entries.map { it.name.lowercase() }) ?: "approver"
        val groups = groups(fields)
        fields.done()
        val (approver, secret) = register.addApprover(name, Role.valueOf(role.uppercase()), id = id) ?: throw taken(name)
        groups.forEach { register.addMember(it.id, approver.id) }
        return MadeApprover(approver, secret, groups.map { it.name })
    }

    /** The groups that the field names; each must be there. */
    private suspend fun groups(fields: Fields): List<Group> {
        val names = fields.texts("groups", MOST_GROUPS, GROUP_NAME).orEmpty()
        val all = if (names.isEmpty()) emptyList() else access.groups().filter { it.revokedAt == null }
        val unknown = names - all.map { it.name }.toSet()
        if (unknown.isNotEmpty()) fields.refuse<Unit>("groups", "names what is no group here: ${unknown.joinToString()}")
        return all.filter { it.name in names }
    }

    private suspend fun active(who: String): Approver? = access.approvers().find {
        it.revokedAt == null && (it.id == who || it.name == who)
    }

    suspend fun revokeRequester(id: String) = found(register.revokeRequester(id))

    suspend fun revokeKey(id: String) = found(register.revokeKey(id))

    suspend fun revokeApprover(id: String) {
        if (register.revokeApprover(id)) return
        found(access.isActive(id))
        throw Problem(ProblemCode.FORBIDDEN, "the last admin stays: make another one first")
    }

    private fun found(isThere: Boolean) {
        if (!isThere) throw Problem(ProblemCode.NOT_FOUND, "there is none with this id")
    }

    private fun taken(name: String) = Problem(ProblemCode.NAME_TAKEN, "the name $name is taken")

    companion object {
        const val LONGEST_NAME = 100
        private const val MOST_GROUPS = 100
        private val NAME = 1..LONGEST_NAME
    }
}

/** A key at the one moment at which it is shown. */
internal class MadeKey(val requester: String, val key: ApiKey, val secret: Secret)

/** An approver at the one moment at which the token is shown, with the names of the groups joined. */
internal data class MadeApprover(val approver: Approver, val secret: Secret, val groups: List<String>)
