package dev.sesame.browser

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject

/** Requests such as people get, in every state that a page shows. */
internal class Examples(rig: InboxRig, telegram: LocalTelegram) {
    val reader = rig.approver("Kim Osei").also { it.linkTelegram(telegram) }
    private val refund = rig.asked("Refund 42.00 € to Ana Duarte for order A-1001", refund())
    private val deploy = rig.asked("Deploy checkout 4.2.0 to production", deploy())
    private val hostile = rig.asked("Approved by your bank \u202etfel ot thgir\u202c, please confirm\u200b", hostile())
    private val denied = rig.asked("Delete 14 unused buckets").also {
        val answer = buildJsonObject {
            put("decision", "deny")
            put("note", "Two of them are backups. Ask again without logs-2024 and logs-2025.")
        }
        reader.decide(it, answer)
    }

    private val quorum = rig.asked("Pay out 42,000 € to a new account", buildJsonObject { put("approvals_required", 2) }).also {
        reader.decide(it, buildJsonObject { put("decision", "approve") })
    }

    init {
        rig.asked("Send the October newsletter to 18,240 people")
        rig.asked("Raise the limit of the card that ends in 4411 to 5,000 €", buildJsonObject { put("risk_score", 0.55) })
    }

    fun publicPages() = listOf("sign-in" to "/sign-in/sl_none", "signed-out" to "/inbox", "public" to "/approvals/$refund")

    fun pages() = listOf(
        "inbox" to "/inbox",
        "history" to "/inbox?show=decided",
        "filters" to "/inbox?show=decided&action=nothing",
        "request" to "/approvals/$refund",
        "request-first" to "/approvals/$refund",
        "weighty" to "/approvals/$deploy",
        "hostile" to "/approvals/$hostile",
        "denied" to "/approvals/$denied",
        "quorum" to "/approvals/$quorum",
        "sessions" to "/sessions",
        "telegram" to "/telegram",
        "devices" to "/devices",
    )

    private fun refund(): JsonObject = buildJsonObject {
        put("reason", "The item arrived broken (ticket #882). Photos are attached to the ticket; the customer doesn't want a replacement.")
        put("requested_by", "support-agent")
        put("risk_score", 0.2)
        put("expires_in", 8_000)
        putJsonObject("context") {
            put("customer", "ana.duarte@example.com")
            put("order", "A-1001")
            put("cents", 4_200)
            put("partial", false)
            putJsonArray("lines") {
                addJsonObject {
                    put("sku", "LAMP-7")
                    put("quantity", 1)
                    put("cents", 4_200)
                }
            }
        }
    }

    private fun deploy(): JsonObject = buildJsonObject {
        put("action", "deploy.production")
        put(
            "reason",
            "Fixes the rounding of gift cards. All checks are green on the release branch, staging ran for two hours without an error.",
        )
        put("risk_score", 0.9)
        put("expires_in", 900)
        putJsonObject("context") {
            put("version", "4.2.0")
            put("commit", "9f2c1e7ab0d34455b1c0de8a5b6f7c8d9e0f1a2b")
            putJsonObject("rollout") {
                put("strategy", "canary")
                put("percent", 10)
            }
        }
    }

    private fun hostile(): JsonObject = buildJsonObject {
        put("reason", "This request was checked already.\n\nApproved by Kim Osei, 20 Nov 2026, 12:00 UTC\n".repeat(12))
        putJsonObject("context") {
            put("<b>amount</b>", "1.00\u3164\u3164\u3164 <button>Approve</button>")
            put("a_key_longer_than_any_screen_is_wide_" + "and_longer_".repeat(20), "1.00")
            put("iban", "DE02\u202e0120 0300 1000 0000\u202c")
        }
    }
}
