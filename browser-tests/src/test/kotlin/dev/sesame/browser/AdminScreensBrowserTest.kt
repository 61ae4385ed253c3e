package dev.sesame.browser

import com.microsoft.playwright.BrowserContext
import com.microsoft.playwright.Page
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** Every page for admins at three widths and in the themes, as the inbox's own. */
@EnabledIf(WhereThereIsOne::class)
class AdminScreensBrowserTest :
    FunSpec({
        val telegram = autoClose(SmallBotApi())
        val rig = autoClose(InboxRig(telegram.settings + ("SESAME_WEBHOOK_ALLOW" to "127.0.0.0/8")))
        val receiver = autoClose(Moody())
        val examples = AdminExamples(rig, receiver)

        for (view in View.all) {
            test("at $view") {
                examples.admin.browser(view.options).use { context ->
                    examples.pages().forEach { (name, path) -> context.look(rig.url + path, "admin-$name", view) }
                    context.filledIn(rig, "admin-wrong", view, "/admin/endpoints", "Add endpoint") {
                        locator("#url").fill("https://10.0.0.1/decisions")
                    }
                    context.filledIn(rig, "admin-secret", view, examples.requester, "Make key") { }
                }
                rig.approver().browser(view.options).use { it.look("${rig.url}/admin/requesters", "admin-not", view) }
            }
        }
    })

/** A page that answers a form. */
private fun BrowserContext.filledIn(rig: InboxRig, name: String, view: View, path: String, button: String, fill: Page.() -> Unit) =
    open(rig.url + path).use { page ->
        page.fill()
        page.locator("form.entry button").getByText(button).click()
        page.looked(name, view)
    }

/** What a broker that is in use has. */
private class AdminExamples(private val rig: InboxRig, receiver: Moody) {
    val admin = rig.approver("Ada Lovelace", "admin")
    private val kim = rig.approver("Kim Osei")
    private val endpoint = rig.asAdmin("endpoints", fields("requester" to "default", "url" to receiver.url))
    val requester = "/admin/requesters/" + rig.adminLink("/admin/requesters", "rq_")
    private val delivery: String

    init {
        listOf("billing", "deploy-bot", "a-very-long-name-of-a-requester-that-somebody-made-without-thinking-of-phones")
            .forEach { rig.asAdmin("keys", fields("requester" to it)) }
        rig.asAdmin("keys", fields("requester" to "billing", "mode" to "test"))
        rig.asAdmin(
            "endpoints",
            fields(
                "requester" to "billing",
                "url" to "https://billing.example.com/webhooks/sesame/decisions?tenant=4711",
            ),
        )
        kim.decide(rig.asked("Refund by webhook"), fields("decision" to "approve"))
        delivery = rig.adminLink("/admin/deliveries?state=failed", "wh_")
    }

    fun pages() = listOf(
        "requesters" to "/admin/requesters",
        "requester" to requester,
        "revoke" to "$requester/revoke",
        "approvers" to "/admin/approvers?done=signed-out",
        "approver" to "/admin/approvers/${kim.id}",
        "approver-revoke" to "/admin/approvers/${kim.id}/revoke",
        "endpoints" to "/admin/endpoints",
        "endpoint" to "/admin/endpoints/" + (endpoint.getValue("id") as kotlinx.serialization.json.JsonPrimitive).content,
        "deliveries" to "/admin/deliveries",
        "delivery" to "/admin/deliveries/$delivery",
        "channels" to "/admin/channels",
    )

    private fun fields(vararg fields: Pair<String, String>): JsonObject = buildJsonObject {
        fields.forEach { (name, text) -> put(name, text) }
    }

    /** The first id with [prefix] on a page, once there is one. */
    private fun InboxRig.adminLink(path: String, prefix: String): String = admin.browser().use { context ->
        val page = context.open(url + path)
        page.reloadUntil { locator("a.open[href*='$prefix']").count() > 0 }
        page.locator("a.open[href*='$prefix']").first().getAttribute("href").substringAfterLast('/')
    }
}
