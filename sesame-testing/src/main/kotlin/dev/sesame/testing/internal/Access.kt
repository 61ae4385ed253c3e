package dev.sesame.testing.internal

import dev.sesame.Mode
import dev.sesame.Person
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Electorate
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode

/** Who is known to this broker, and by which credential. Thread-safe. */
internal class Access(private val ids: Ids) {
    private val accounts = LinkedHashMap<String, Account>() // by name; guarded by this, like the next two
    private val people = LinkedHashMap<String, Member>()
    private val groups = LinkedHashSet<String>()

    /** The one who settles what nobody else can. */
    val admin: Member = member("admin", isAdmin = true)

    /** The requester of that [name], who is made at first use. */
    @Synchronized
    fun account(name: String): Account = accounts.getOrPut(name) {
        Account(ids.requester(), name, ids.secret("$LIVE_KEY$SELF_HOSTED"), ids.secret("$TEST_KEY$SELF_HOSTED"))
    }

    /** The person of that [name], made at first use. */
    @Synchronized
    fun member(name: String, isAdmin: Boolean = false): Member =
        people.getOrPut(name) { Member(Person(ids.person(), name), ids.secret(APPROVER_TOKEN), isAdmin) }

    /** Puts [member] into that group, which is made with its first member; takes them out again where [isIn] is `false`. */
    @Synchronized
    fun move(member: Member, group: String, isIn: Boolean) {
        if (isIn) groups += group
        member.groups = if (isIn) member.groups + group else member.groups - group
    }

    /** Ends [member]: neither a token nor a vote counts any more. */
    @Synchronized
    fun remove(member: Member) {
        people.values.remove(member)
    }

    /** From now on [owner] stands behind what [account] asks, and answers it only where [allowSelf] says so. */
    @Synchronized
    fun own(account: Account, owner: Member, allowSelf: Boolean) {
        account.owner = owner
        account.allowSelf = allowSelf
    }

    /** Who stands behind the requester of that id. */
    @Synchronized
    fun ownerOf(accountId: String): String? = accounts.values.find { it.id == accountId }?.owner?.person?.id

    /** Who may answer now. */
    @Synchronized
    fun electorate(): Electorate = Electorate(people.values.associate { it.person.id to it.groups }, groups.toSet())

    /** Who calls with that `Authorization`. */
    @Synchronized
    fun caller(authorization: String?): Caller {
        val header = authorization ?: throw unauthorized("send Authorization: Bearer and a key or token")
        val clear = header.drop(SCHEME.length).trim()
        if (!header.startsWith(SCHEME, ignoreCase = true)) throw unauthorized("Authorization must be Bearer and one key or token")
        if (clear.startsWith(APPROVER_TOKEN)) {
            val member =
                people.values.find { it.token == clear } ?: throw unauthorized("this approver token is not known here, or was revoked")
            return Caller.AsApprover(member)
        }
        if (!clear.startsWith(LIVE_KEY) && !clear.startsWith(TEST_KEY)) {
            throw unauthorized("a key starts with sk_live_ or sk_test_, an approver's token with at_")
        }
        val account = accounts.values.find { clear == it.liveKey || clear == it.testKey }
            ?: throw unauthorized("this API key is not known here, or was revoked")
        return Caller.AsRequester(account, if (clear == account.liveKey) Mode.LIVE else Mode.TEST)
    }

    private fun unauthorized(why: String) = Problem(ProblemCode.UNAUTHORIZED, why)

    private companion object {
        const val SCHEME = "Bearer "
        const val LIVE_KEY = "sk_live_"
        const val TEST_KEY = "sk_test_"
        const val SELF_HOSTED = "sh_"
        const val APPROVER_TOKEN = "at_"
    }
}

/** A program that asks, with a key for each mode. */
internal class Account(val id: String, val name: String, val liveKey: String, val testKey: String) {
    /** Who stands behind it. */
    @Volatile var owner: Member? = null

    @Volatile var allowSelf: Boolean = false
}

/** A person who answers. */
internal class Member(val person: Person, val token: String, val isAdmin: Boolean) {
    /** The groups that they are in. */
    @Volatile var groups: Set<String> = emptySet()
}

/** Who is calling. */
internal sealed interface Caller {
    /** Whose quota it is. */
    val holderId: String

    /** What this caller may read: a requester its own, an admin everything live, an approver what is asked of everybody or of their groups. */
    fun mayRead(record: ApprovalRecord): Boolean

    class AsRequester(val account: Account, val mode: Mode) : Caller {
        override val holderId: String get() = account.id

        override fun mayRead(record: ApprovalRecord): Boolean = record.question.requesterId == account.id && record.question.mode == mode
    }

    class AsApprover(val member: Member) : Caller {
        override val holderId: String get() = member.person.id

        override fun mayRead(record: ApprovalRecord): Boolean {
            val groups = record.question.groups
            return record.isForPeople && (member.isAdmin || groups.isEmpty() || groups.any { it in member.groups })
        }
    }
}

internal fun Access.requester(call: HttpCall): Caller.AsRequester = caller(call) as? Caller.AsRequester
    ?: throw Problem(ProblemCode.FORBIDDEN, "this call is for requesters: use an API key")

internal fun Access.approver(call: HttpCall): Caller.AsApprover = caller(call) as? Caller.AsApprover
    ?: throw Problem(ProblemCode.FORBIDDEN, "an API key never decides: use an approver's token")

internal fun Access.caller(call: HttpCall): Caller = caller(call.header("Authorization"))
