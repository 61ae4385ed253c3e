package dev.sesame.checks.contract

import dev.sesame.checks.BrokerProcess
import dev.sesame.testing.FakeBroker
import java.nio.file.Files
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

    /** A new person. */
    fun approver(): Caller

    /** Who has no credential. */
    val nobody: Caller get() = Caller(address, credential = null)
}

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

    override fun approver() = Caller(address, broker.approver("person ${made.incrementAndGet()}").token)

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

    override fun approver() = Caller(address, admin.post("/v1/admin/approvers", "name" to "person ${made.incrementAndGet()}")["token"])

    override fun close() {
        broker.close()
        folder.toFile().deleteRecursively()
    }
}
