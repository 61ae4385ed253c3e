package dev.sesame.browser

import com.microsoft.playwright.Page
import com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat
import com.microsoft.playwright.options.AriaRole
import dev.sesame.Sesame
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope

/** What an admin sets up by pages alone, used for real. */
@EnabledIf(WhereThereIsOne::class)
class AdminBrowserTest :
    FunSpec({
        val telegram = autoClose(SmallBotApi())
        val rig = autoClose(InboxRig(telegram.settings + ("SESAME_WEBHOOK_ALLOW" to "127.0.0.0/8")))
        val admin = rig.approver("Ada", "admin")

        fun Page.press(name: String) = getByRole(AriaRole.BUTTON, Page.GetByRoleOptions().setName(name).setExact(true)).click()

        fun Page.follow(name: String) = getByRole(AriaRole.LINK, Page.GetByRoleOptions().setName(name).setExact(true)).first().click()

        fun Page.secret(): String = locator("#secret").textContent()

        /** From the inbox by the bar, adds a requester and a key for it; returns the key. */
        fun Page.keyFor(name: String): String {
            follow("Admin")
            locator("#name").fill(name)
            press("Add requester")
            assertThat(locator(".done")).containsText("was added")
            press("Make key")
            return secret()
        }

        test("a requester and its key, made by hand, ask; the question appears, and the caller goes on; the key is shown once") {
            admin.browser().use { context ->
                val page = context.open("${rig.url}/inbox")
                val key = page.keyFor("billing")
                val made = page.url()
                Sesame {
                    apiKey = key
                    brokerUrl = rig.url
                }.use { sesame ->
                    coroutineScope {
                        val ran = async(Dispatchers.IO) { sesame.approve("billing.refund", summary = "Refund by a new key") { "ran" } }
                        val inbox = context.open("${rig.url}/inbox")
                        inbox.locator("a.row").getByText("Refund by a new key").click()
                        inbox.locator("#approve").click()
                        ran.await() shouldBe "ran"
                    }
                }
                page.follow("Done")
                assertThat(page.locator("h1")).containsText("billing")
                page.content() shouldContainNot key
                page.goBack()
                assertThat(page.locator("h1")).containsText("billing")
                page.content() shouldContainNot key
                made shouldContainNot key
            }
        }

        test("loading the page of a new key anew shows where it belongs, without it, and makes no other one") {
            admin.browser().use { context ->
                val page = context.open("${rig.url}/inbox")
                val key = page.keyFor("loaded anew")
                page.reload()
                assertThat(page.locator("h1")).containsText("loaded anew")
                page.content() shouldContainNot key
                page.locator(".cards tbody tr").count() shouldBe 1
            }
        }

        test("a double tap makes one key, and the page says what revoking it breaks before it does") {
            admin.browser(InboxRig.phone()).use { context ->
                val page = context.open("${rig.url}/inbox")
                page.keyFor("tapped twice")
                page.follow("Done")
                val before = page.locator(".cards tbody tr").count()
                page.locator("form.entry button").evaluate("(button) => { button.click(); button.click(); }")
                page.locator("#secret").waitFor()
                page.follow("Done")
                page.locator(".cards tbody tr").count() shouldBe before + 1
                page.locator(".cards tbody a.danger").first().tap()
                assertThat(page.locator(".breaks")).containsText("can't ask")
                page.press("Revoke this key")
                assertThat(page.locator(".done")).containsText("The key was revoked")
                page.locator(".cards tbody a.danger").count() shouldBe before
            }
        }

        test("an approver is added, and the link that is shown signs them in on their own device, without the admin's part") {
            admin.browser().use { context ->
                val page = context.open("${rig.url}/admin/approvers")
                page.locator("#name").fill("Noor")
                page.press("Add approver")
                val link = page.secret()
                rig.stranger(InboxRig.phone()).use { phone ->
                    val theirs = phone.open(link)
                    theirs.getByText("Sign in on this device").tap()
                    theirs.waitForURL("**/inbox")
                    theirs.locator("nav a[href$='/admin']").count() shouldBe 0
                    theirs.navigate("${rig.url}/admin/approvers")
                    assertThat(theirs.locator("main")).containsText("For admins only")
                }
            }
        }

        test("what a receiver refused is sent again from its page, and arrives") {
            Moody().use { receiver ->
                admin.browser().use { context ->
                    val page = context.open("${rig.url}/admin/endpoints")
                    page.locator("#requester").selectOption("default")
                    page.locator("#url").fill("https://10.0.0.1/")
                    page.press("Add endpoint")
                    assertThat(page.locator("#url-wrong")).containsText("URL must name a host, not an address")
                    assertThat(page.locator("#url")).hasValue("https://10.0.0.1/")
                    page.locator("#url").fill(receiver.url)
                    page.press("Add endpoint")
                    page.secret().startsWith("whsec_") shouldBe true
                    page.follow("Done")

                    val id = rig.asked("Refund by webhook")
                    val answering = context.open("${rig.url}/approvals/$id")
                    answering.locator("#approve").click()
                    assertThat(answering.locator("#standing")).containsText("You approved this")
                    page.reloadUntil { locator(".badge.off").count() > 0 } // 410 turned it off
                    receiver.well = true
                    page.press("Turn it on")
                    page.follow("Its deliveries")
                    page.locator(".cards tbody a.open").first().click()
                    assertThat(page.locator(".cards tbody")).containsText("410")
                    page.press("Send again")
                    page.reloadUntil { locator(".badge.on").count() > 0 }
                    assertThat(page.locator(".cards tbody")).containsText("204")
                }
            }
        }

        test("an admin links their own account by a code, and a test message really comes there") {
            admin.browser().use { context ->
                val page = context.open("${rig.url}/admin/channels")
                page.press("Send me a test by Telegram")
                assertThat(page.locator("#telegram .standing")).containsText("no Telegram account is linked to you")
                page.navigate("${rig.url}/admin/approvers/${admin.id}")
                page.press("New Telegram code")
                val code = page.secret()
                telegram.write(code)
                page.follow("Done")
                page.reloadUntil { getByText("Told by telegram").count() > 0 }
                page.navigate("${rig.url}/admin/channels")
                page.press("Send me a test by Telegram")
                assertThat(page.locator("#telegram .standing")).containsText("sent. It should be there now.")
                telegram.sent shouldContain "This is a test message, sent from the admin pages. Nothing waits for an answer."
            }
        }

        test("without scripts it all works, and a copy button is there only with them") {
            admin.browser(InboxRig.phone(320).setJavaScriptEnabled(false)).use { context ->
                val page = context.open("${rig.url}/inbox")
                page.keyFor("without scripts") shouldNotBe ""
                assertThat(page.locator("[data-copy]")).isHidden()
            }
            admin.browser().use { context ->
                val page = context.open("${rig.url}/inbox")
                page.keyFor("with scripts")
                assertThat(page.locator("[data-copy]")).isVisible()
            }
        }
    })

private infix fun String.shouldContainNot(secret: String) {
    (secret in this) shouldBe false
}

/** Loads the page anew until it [isSo], for a minute at most. */
internal fun Page.reloadUntil(isSo: Page.() -> Boolean) {
    val end = System.nanoTime() + 60_000_000_000
    while (!isSo() && System.nanoTime() < end) {
        waitForTimeout(200.0)
        reload()
    }
    isSo() shouldBe true
}
