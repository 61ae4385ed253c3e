package dev.sesame.checks

import dev.sesame.ExecutionState
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.flow.first
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

private val policy =
    """
    version: 1
    rules:
      - name: small refunds
        action: payments.refund
        when: context.cents <= 1000
        effect: permit
      - name: no huge ones
        action: payments.refund
        when: context.cents > 100000
        effect: deny
        reason: That much is never refunded.
    """.trimIndent()

/** Gated routes where a policy decides, and where approvers edit, against a real broker. */
class KtorPolicyTest :
    FunSpec({
        val rig = Rig()
        afterSpec { rig.close() }
        val sesame = rig.client()
        val refunded = mutableListOf<String>()
        fun refund(customer: String, cents: Long) = "$customer: $cents".also(refunded::add)

        beforeSpec {
            val body = buildJsonObject { put("text", policy) }.toString()
            val headers = arrayOf("Authorization" to "Bearer ${rig.broker.adminToken}", "Content-Type" to "application/json")
            post("${rig.broker.address}/v1/admin/policies", body, *headers).status shouldBe 201
        }
        beforeTest { refunded.clear() }

        test("what the policy permits runs with the first request, and what it denies is refused with it") {
            serving({ gatedEditsExample(sesame, ::refund) }) { address ->
                val permitted = post("$address/refunds/ana", """{"cents": 900}""")
                permitted.status shouldBe 200
                permitted.body shouldBe "ana: 900"
                val denied = post("$address/refunds/ana", """{"cents": 100001}""")
                denied.status shouldBe 403
                denied.body shouldContain "the policy said no: That much is never refunded."
            }
            refunded shouldContainExactly listOf("ana: 900")
            eventually { sesame.approvals().first { it.decision?.via == "policy" && it.execution?.state == ExecutionState.SUCCEEDED } }
                .rule shouldBe "small refunds"
        }

        test("what an approver edited runs as it was approved, for the request that asked") {
            serving({ gatedEditsExample(sesame, ::refund) }) { address ->
                val goOn = address + post("$address/refunds/ana", """{"cents": 4200}""").header("Location")
                val asked = rig.pending("payments.refund")
                rig.person.approve(asked.id, context = JsonObject(asked.context.orEmpty() + ("cents" to JsonPrimitive(2_100))))
                post(goOn, """{"cents": 2100}""").body shouldContain "request_mismatch"
                refunded.shouldBeEmpty()
                post(goOn, """{"cents": 4200}""").body shouldBe "ana: 2100"
                eventually { sesame.find(asked.id)?.execution?.takeIf { it.state == ExecutionState.SUCCEEDED } }
                post(goOn, """{"cents": 4200}""").body shouldContain "already_executed"
            }
            refunded shouldContainExactly listOf("ana: 2100")
        }
    })
