package dev.sesame.checks.contract

import dev.sesame.checks.BrokerProcess
import dev.sesame.testing.Approver
import dev.sesame.testing.FakeBroker
import dev.sesame.testing.PolicyTerms
import java.nio.file.Files
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger

/** A broker that the contract suite may call, and those who are known to it. */
internal interface BrokerUnderTest : AutoCloseable {
    val address: String

    /** A person who may settle and cancel what is not theirs. */
    val admin: Caller

    /** Keys of a new requester: live, and test. */
    fun requester(): Pair<Caller, Caller>

    /** From now on the policy permits the one action and denies the other, and says nothing of the rest. */
    fun policy(permitted: String, denied: String)

    /** From now on the policy has people asked about that action as `terms` says, and says nothing of the rest. */
    fun policy(action: String, terms: Terms)

    /** A new person. */
    fun approver(): Caller

    /** Puts that person into that group, which is made with its first member; takes them out again where [isIn] is `false`. */
    fun move(person: Caller, group: String, isIn: Boolean = true)

    /** That person is no approver any more. */
    fun remove(person: Caller)

    /** The live key of a new requester behind whom that person stands. */
    fun requesterOwnedBy(person: Caller, allowSelf: Boolean = false): Caller

    /** Who has no credential. */
    val nobody: Caller get() = Caller(address, credential = null)
}

/** What a policy's rule wants of the asking. */
internal class Terms(
    val groups: List<String>,
    val approvals: Int = 1,
    val each: Map<String, Int> = emptyMap(),
    val allowSelf: Boolean? = null,
    val expiresIn: Long = 7_200,
    /** After an hour. */
    val escalatesTo: String? = null,
)

/** The test kit's broker, over its port. */
internal class FakeUnderTest : BrokerUnderTest {
    private val broker = FakeBroker()
    private val made = AtomicInteger()
    override val address: String = broker.serve()
    override val admin = Caller(address, broker.adminToken)

    override fun requester(): Pair<Caller, Caller> =
        broker.requester("requester ${made.incrementAndGet()}").let { Caller(address, it.apiKey) to Caller(address, it.testApiKey) }

    override fun policy(permitted: String, denied: String) = broker.policy {
        permit(permitted, rule = "yes")
        deny(denied, rule = "no", reason = "never")
    }

    override fun policy(action: String, terms: Terms) = broker.policy {
        var asked = PolicyTerms(terms.approvals).groups(*terms.groups.toTypedArray()).expiresIn(Duration.ofSeconds(terms.expiresIn))
        terms.each.forEach { (group, count) -> asked = asked.approvalsOf(group, count) }
        terms.allowSelf?.let { asked = asked.allowSelf(it) }
        if (terms.escalatesTo != null) asked = asked.escalates(Duration.ofHours(1), terms.escalatesTo)
        requireApproval(action, asked, rule = "terms")
    }

    private val people = ConcurrentHashMap<Caller, Approver>()

    override fun approver(): Caller {
        val person = broker.approver("person ${made.incrementAndGet()}")
        return Caller(address, person.token).also { people[it] = person }
    }

    override fun move(person: Caller, group: String, isIn: Boolean) =
        people.getValue(person).let { if (isIn) it.joins(group) else it.leaves(group) }

    override fun remove(person: Caller) = people.getValue(person).isRemoved()

    override fun requesterOwnedBy(person: Caller, allowSelf: Boolean): Caller {
        val requester = broker.requester("requester ${made.incrementAndGet()}")
        requester.ownedBy(people.getValue(person), allowSelf)
        return Caller(address, requester.apiKey)
    }

    override fun close(): Unit = broker.close()
}

/** The broker itself, in a process of its own. */
internal class RealUnderTest : BrokerUnderTest {
    private val folder = Files.createTempDirectory("sesame-contract")
    private val broker = BrokerProcess.start(folder.resolve("data"))
    private val made = AtomicInteger()
    override val address: String = broker.address
    override val admin = Caller(address, broker.adminToken)

    override fun requester(): Pair<Caller, Caller> {
        val name = "requester ${made.incrementAndGet()}"
        fun key(mode: String) = Caller(address, admin.post("/v1/admin/keys", "requester" to name, "mode" to mode)["key"])
        return key("live") to key("test")
    }

    override fun policy(permitted: String, denied: String) {
        val text = """
            version: 1
            rules:
              - {name: "yes", action: $permitted, effect: permit}
              - {name: "no", action: $denied, effect: deny, reason: never}
        """.trimIndent()
        check(admin.post("/v1/admin/policies", "text" to text).status == 201) { "the policy was refused" }
    }

    override fun policy(action: String, terms: Terms) {
        val each = terms.each.entries.joinToString { "\"${it.key}\": ${it.value}" }
        val text = listOfNotNull(
            "name: terms, action: $action, effect: require_approval, approvals_required: ${terms.approvals}",
            "expires_in: ${terms.expiresIn}, groups: [${terms.groups.joinToString { "\"$it\"" }}]",
            "approvals_per_group: {$each}".takeIf { each.isNotEmpty() },
            terms.allowSelf?.let { "allow_self: $it" },
            terms.escalatesTo?.let { "escalation: {after: 3600, groups: [\"$it\"]}" },
        ).joinToString(prefix = "version: 1\nrules: [{", postfix = "}]")
        check(admin.post("/v1/admin/policies", "text" to text).status == 201) { "the policy was refused" }
    }

    private val people = ConcurrentHashMap<Caller, String>()
    private val groups = ConcurrentHashMap<String, String>()

    override fun approver(): Caller {
        val person = admin.post("/v1/admin/approvers", "name" to "person ${made.incrementAndGet()}")
        return Caller(address, person["token"]).also { people[it] = person["id"] }
    }

    override fun move(person: Caller, group: String, isIn: Boolean) {
        val id = groups.getOrPut(group) { admin.post("/v1/admin/groups", "name" to group)["id"] }
        val how = if (isIn) "add-member" else "remove-member"
        check(admin.post("/v1/admin/groups/$id/$how", "approver" to people.getValue(person)).status == 200) { "$group: no $how" }
    }

    override fun remove(person: Caller) {
        check(admin.post("/v1/admin/approvers/${people.getValue(person)}/revoke").status == 200) { "not removed" }
    }

    override fun requesterOwnedBy(person: Caller, allowSelf: Boolean): Caller {
        val name = "requester ${made.incrementAndGet()}"
        admin.post("/v1/admin/requesters", "name" to name, "owner" to people.getValue(person), "allow_self" to allowSelf)
        return Caller(address, admin.post("/v1/admin/keys", "requester" to name)["key"])
    }

    override fun close() {
        broker.close()
        folder.toFile().deleteRecursively()
    }
}
