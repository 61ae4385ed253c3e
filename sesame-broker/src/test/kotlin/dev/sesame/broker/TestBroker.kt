package dev.sesame.broker

import dev.sesame.WebhookSecret
import dev.sesame.broker.access.Secret
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonPrimitive
import java.nio.file.Path

/** A broker to call over HTTP, and the callers that tests need. */
internal abstract class Callable {
    abstract val url: String
    abstract val admin: Http

    val nobody: Http get() = Http(url, null)

    /** A requester that nobody else uses. */
    fun requester(): Requesting = keyOf("requester ${ids.requester()}", "live")

    /** The same with a test key: its own, or one beside the live key of [live]. */
    fun testing(live: Requesting? = null): Requesting = keyOf(live?.name ?: "requester ${ids.requester()}", "test")

    private fun keyOf(name: String, mode: String): Requesting {
        val made = admin.post("/v1/admin/keys", "requester" to name, "mode" to mode).also { it.status shouldBe 201 }
        return Requesting(name, made.text("id")!!, Http(url, made.text("key")))
    }

    /** An approver that nobody else uses. */
    fun approver(role: String = "approver"): Approving {
        val made = admin.post("/v1/admin/approvers", "name" to "approver ${ids.approver()}", "role" to role).also { it.status shouldBe 201 }
        return Approving(made.text("id")!!, made.text("name")!!, Http(url, made.text("token")))
    }
}

/** A group of its own, with these members, by its name. */
internal fun Callable.groupOf(vararg members: Approving): String {
    val made = admin.post("/v1/admin/groups", "name" to "group ${ids.group()}").also { it.status shouldBe 201 }
    members.forEach { admin.post("/v1/admin/groups/${made.text("id")}/add-member", "approver" to it.id).status shouldBe 200 }
    return made.text("name")!!
}

/** Takes somebody out of the group of that name. */
internal fun Callable.leave(group: String, who: Approving) {
    val id = admin.get("/v1/admin/groups").list("groups").single { it["name"] == JsonPrimitive(group) }.getValue("id").jsonPrimitive.content
    admin.post("/v1/admin/groups/$id/remove-member", "approver" to who.id).status shouldBe 200
}

internal class Requesting(val name: String, val keyId: String, val http: Http) {
    /** Opens a request that differs from the smallest one in [fields]. */
    fun ask(vararg fields: Pair<String, Any?>): Answer = http.post(
        "/v1/approvals",
        *(mapOf<String, Any?>("action" to "payments.refund", "summary" to "Refund A-1001") + fields).toList().toTypedArray(),
    )

    /** The same, as its id. */
    fun asked(vararg fields: Pair<String, Any?>): String = ask(*fields).let { answer ->
        withClue(answer) { answer.status shouldBe 201 }
        answer.text("approval_id")!!
    }

    fun read(id: String): Answer = http.get("/v1/approvals/$id")
}

internal class Approving(val id: String, val name: String, val http: Http) {
    fun decide(approvalId: String, decision: String, vararg fields: Pair<String, Any?>): Answer =
        http.post("/v1/approvals/$approvalId/decision", "decision" to decision, *fields)

    fun approve(approvalId: String): Answer = decide(approvalId, "approve").also { withClue(it) { it.status shouldBe 200 } }
}

/** A real broker in this process, in a directory of its own; its webhooks reach loopback alone besides public hosts. */
internal class TestBroker(
    val dataDir: Path = temporaryDirectory(),
    limits: Limits = Limits(),
    confirmRisk: Double = BrokerConfig.CONFIRM_RISK,
    webhookSecret: WebhookSecret? = null,
    webhookAllow: String = "127.0.0.0/8",
    database: DatabaseConfig? = null,
    secretsKey: ByteArray? = null,
    val token: Secret = Secret.make(Secret.APPROVER_TOKEN, dev.sesame.broker.store.random),
) : Callable(),
    AutoCloseable {
    private val broker = Broker.start(
        BrokerConfig(
            port = 0,
            dataDir = dataDir,
            database = database,
            bootstrapApproverToken = token,
            secretsKey = secretsKey,
            webhookSecret = webhookSecret,
            webhookAllow = webhookAllow,
            confirmRisk = confirmRisk,
            limits = limits,
        ),
    )
    override val url: String = broker.url
    override val admin = Http(url, token.clear)

    override fun close() = broker.close()
}
