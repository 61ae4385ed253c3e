package dev.sesame.browser

import com.microsoft.playwright.Page
import com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat
import com.microsoft.playwright.options.AriaRole
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** Passkeys as a real browser makes and uses them, at the broker's name. */
@EnabledIf(WhereThereIsOne::class)
class PasskeyBrowserTest :
    FunSpec({
        val rig = autoClose(InboxRig())
        val named = rig.url.replace("127.0.0.1", "localhost")
        fun weighty(summary: String) = rig.asked(summary, buildJsonObject { put("risk_score", 0.9) })

        fun Page.signInByLink(person: InboxRig.Person) = also {
            navigate(person.link().replace("127.0.0.1", "localhost"))
            getByText("Sign in on this device").click()
            waitForURL("**/inbox")
        }

        fun Page.addPasskey() = also {
            navigate("$named/passkeys")
            getByText("Add a passkey on this device or a key").click()
            assertThat(locator(".passkey-row")).hasCount(1)
        }

        fun onAPage(test: (Page, VirtualDevice) -> Unit) = rig.stranger().use { context ->
            val page = context.newPage()
            test(page, VirtualDevice(page))
        }

        test("signed in by link, somebody adds a passkey, signs out, and is back by the passkey where they wanted to be") {
            val person = rig.approver()
            onAPage { page, device ->
                page.signInByLink(person)
                page.navigate("$named/sessions")
                page.getByText("Your passkeys").click()
                assertThat(page.getByText("You have none yet")).isVisible()
                page.addPasskey()
                device.passkeyCount() shouldBe 1
                page.navigate("$named/sessions")
                page.getByText("Sign out on this device").click()
                val id = rig.asked("Refund by passkey")
                page.navigate("$named/approvals/$id")
                page.getByText("Sign in with a passkey").click()
                assertThat(page.locator("#approve")).isVisible()
                page.navigate("$named/inbox")
                assertThat(page.locator("#$id")).containsText("Refund by passkey")
                page.navigate("$named/passkeys")
                assertThat(page.locator(".passkey-row")).containsText("last used")
            }
        }

        test("the same device isn't added twice, and the page says why") {
            onAPage { page, device ->
                page.signInByLink(rig.approver()).addPasskey()
                page.getByText("Add a passkey on this device or a key").click()
                assertThat(page.getByRole(AriaRole.ALERT)).containsText("has a passkey of yours already")
                device.passkeyCount() shouldBe 1
            }
        }

        test("a request of high risk is approved by the passkey, by keys alone, and not while the device doesn't know its person") {
            onAPage { page, device ->
                page.signInByLink(rig.approver()).addPasskey()
                val id = weighty("Deploy by passkey")
                page.navigate("$named/approvals/$id")
                device.knowsItsPerson(false)
                page.locator("#approve").click()
                assertThat(page.getByText("Nothing was done")).isVisible()
                rig.statusOf(id) shouldBe "pending"
                device.knowsItsPerson(true)
                page.keyboard().press("a")
                page.keyboard().press("Enter")
                assertThat(page.locator("#standing")).containsText("You approved this")
                rig.statusOf(id) shouldBe "approved"
            }
        }

        test("denying asks no passkey") {
            onAPage { page, device ->
                page.signInByLink(rig.approver()).addPasskey()
                val id = weighty("Deploy without")
                device.knowsItsPerson(false)
                page.navigate("$named/approvals/$id")
                page.locator("#deny").click()
                assertThat(page.locator("#standing")).containsText("You denied this")
            }
        }

        test("nobody signs in while the device doesn't know them, nor by a passkey that an admin removed") {
            val person = rig.approver()
            onAPage { page, device ->
                page.signInByLink(person).addPasskey()
                page.context().clearCookies()
                page.navigate("$named/inbox")
                device.knowsItsPerson(false)
                page.getByText("Sign in with a passkey").click()
                assertThat(page.getByText("Nothing was done")).isVisible()
                device.knowsItsPerson(true)
                person.losePasskeys()
                page.getByText("Sign in with a passkey").click()
                assertThat(page.locator("h1")).containsText("This passkey doesn't work")
                page.navigate("$named/inbox")
                assertThat(page.locator("h1")).containsText("You are not signed in")
            }
        }

        test("a browser that calls the broker by an address is led to its name") {
            rig.stranger().use { context ->
                val page = context.open("${rig.url}/inbox")
                assertThat(page.locator("button")).hasCount(0)
                page.getByText(named).click()
                assertThat(page.getByText("Sign in with a passkey")).isVisible()
            }
        }

        test("every page of passkeys at three widths and in the themes") {
            val (owner, other) = rig.approver("Kim Osei") to rig.approver()
            onAPage { page, _ -> page.signInByLink(owner).addPasskey() }
            val id = weighty("Deploy checkout 4.2.0 to production")
            for (view in View.all) {
                rig.stranger(view.options).use { it.look("$named/inbox", "passkey-sign-in", view) }
                rig.stranger(view.options).use { it.look("${rig.url}/inbox", "passkey-by-name", view) }
                rig.stranger(view.options).use { it.look("$named/approvals/$id", "passkey-public", view) }
                rig.stranger(view.options).use { context ->
                    context.newPage().use { it.signInByLink(other) }
                    context.look("$named/passkeys", "passkeys-none", view)
                }
                rig.stranger(view.options).use { context ->
                    context.newPage().use { it.signInByLink(owner) }
                    context.look("$named/passkeys", "passkeys", view)
                    context.look("$named/approvals/$id", "passkey-weighty", view)
                    context.look("$named/sessions", "passkey-sessions", view)
                }
            }
        }
    })
