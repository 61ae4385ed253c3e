package dev.sesame.browser

import com.microsoft.playwright.Page
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.add
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject

/** A page, and what is done on it before it is looked at. */
internal class Form(val name: String, val path: String, val act: (Page) -> Unit)

/** Requests such as people get, in every state that a page shows. */
internal class Examples(rig: InboxRig, telegram: LocalTelegram) {
    val reader = rig.approver("Kim Osei").also { it.linkTelegram(telegram) }
    private val refund = rig.asked("Refund 42.00 € to Ana Duarte for order A-1001", small())
    private val deploy = rig.asked("Deploy checkout 4.2.0 to production", deploy())
    private val hostile = rig.asked("Approved by your bank \u202etfel ot thgir\u202c, please confirm\u200b", hostile())
    private val denied = rig.asked("Delete 14 unused buckets").also {
        val answer = buildJsonObject {
            put("decision", "deny")
            put("note", "Two of them are backups. Ask again without logs-2024 and logs-2025.")
        }
        reader.decide(it, answer)
    }

    private val editable = rig.asked("Refund 42.00 € to Ana Duarte, as you see fit", refund())
    private val edited = rig.asked("Refund 42.00 € to Ana Duarte, half of it", refund()).also {
        val asked = refund().getValue("context").jsonObject
        val approved = asked + mapOf("cents" to JsonPrimitive(2_100), "text" to JsonPrimitive("Dear Ana,\nhere is half of it."))
        val answer = buildJsonObject {
            put("decision", "approve")
            put("note", "The lamp was used for a year.")
            put("context", JsonObject(approved))
        }
        reader.decide(it, answer)
    }
    private val extended = rig.asked("Deploy on Monday", buildJsonObject { put("expires_in", 3_600) }).also {
        listOf(90_000, 180_000).forEach { seconds -> rig.adminDoes(it, "extend", buildJsonObject { put("expires_in", seconds) }) }
    }
    private val unknown = rig.unknownRun("Pay 12 invoices")
    private val settled = rig.unknownRun("Pay 14 invoices").also {
        val outcome = buildJsonObject {
            put("outcome", "failed")
            put("detail", "The bank has none of them.")
        }
        rig.adminDoes(it, "outcome", outcome)
    }
    private val grouped = rig.twoGroups("Pay out 42,000 € to a new supplier", reader)
    val admin = rig.approver("Ada Ng", role = "admin")

    init {
        rig.asked("Send the October newsletter to 18,240 people")
        rig.asked("Raise the limit of the card that ends in 4411 to 5,000 €", buildJsonObject { put("risk_score", 0.55) })
    }

    fun publicPages() = listOf("sign-in" to "/sign-in/sl_none", "signed-out" to "/inbox", "public" to "/approvals/$refund")

    /** What people do besides answering, and what is there afterwards. */
    fun deeds(): List<Form> = listOf(
        Form("edit-wrong", "/approvals/$editable") { it.fill("12,50") },
        Form("edit-review", "/approvals/$editable") {
            it.fill("2100")
        },
        Form("edited", "/approvals/$edited") { },
        Form("extended", "/approvals/$extended") { it.unfold("more-time") },
        Form("groups", "/approvals/$grouped") { },
        Form("settled", "/approvals/$settled") { },
    )

    fun adminDeeds(): List<Form> = listOf(
        Form("unknowns", "/inbox?show=unknown") { },
        Form("settle", "/approvals/$unknown") { it.locator("#settle > summary").click() },
        Form("settle-review", "/approvals/$unknown") {
            it.locator("#settle > summary").click()
            it.getByText("It did nothing").click()
            it.getByText("Go on").click()
        },
    )

    private fun Page.unfold(id: String) {
        locator("#$id > summary").focus()
        keyboard().press("Enter")
    }

    private fun Page.fill(cents: String) {
        unfold("edit")
        locator("#edit-0").fill(cents)
        getByText("Look at the changes").click()
    }

    fun pages() = listOf(
        "inbox" to "/inbox",
        "history" to "/inbox?show=decided",
        "filters" to "/inbox?show=decided&action=nothing",
        "request" to "/approvals/$refund",
        "request-first" to "/approvals/$refund",
        "weighty" to "/approvals/$deploy",
        "hostile" to "/approvals/$hostile",
        "denied" to "/approvals/$denied",
        "sessions" to "/sessions",
        "telegram" to "/telegram",
        "devices" to "/devices",
    )

    private fun small(): JsonObject = buildJsonObject {
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

/** Approved by an admin, taken to be run, and never heard of for certain. */
private fun InboxRig.unknownRun(summary: String): String = asked(summary).also { id ->
    val hash = adminDoes(id, "decision", buildJsonObject { put("decision", "approve") }).getValue("context_hash")
    val claim = buildJsonObject {
        put("claimant", "the-only-caller-of-this-one")
        put("context_hash", hash)
    }
    val report = buildJsonObject {
        put("claim_token", requesterDoes(id, "claim", claim).getValue("claim_token"))
        put("outcome", "unknown")
        put("detail", "The connection broke while the bank was asked.")
    }
    requesterDoes(id, "outcome", report)
}

/** Asked of one of each group, of which the first has approved. */
private fun InboxRig.twoGroups(summary: String, reader: InboxRig.Person): String {
    val (finance, security) = approver("Fay Lund") to reader
    listOf("finance" to finance, "security" to security).forEach { (name, member) ->
        asAdmin(
            "groups",
            buildJsonObject {
                put("name", name)
            },
        ).getValue("id").let { group ->
            asAdmin("groups/${group.jsonPrimitive.content}/add-member", buildJsonObject { put("approver", member.id) })
        }
    }
    val fields = buildJsonObject {
        putJsonArray("editable") { add("cents") }
        putJsonObject("context") { put("cents", 4_200_000) }
        putJsonObject("approvals_per_group") {
            put("finance", 1)
            put("security", 1)
        }
    }
    return asked(summary, fields).also { id ->
        val note = "The supplier is known to us since 2019; the contract is signed."
        finance.browser().use { context ->
            val page = context.open("$url/approvals/$id")
            page.locator("#why summary").click()
            page.locator("#note").fill(note)
            page.locator("#approve").click()
            page.locator("#quorum").getByText("done, by").waitFor()
        }
    }
}
