package dev.sesame.browser

import com.microsoft.playwright.BrowserContext
import com.microsoft.playwright.Page
import com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe

/** Turning notices on in a browser, what its worker makes of them, and what the page says where they can't be. */
@EnabledIf(WhereThereIsOne::class)
class NotificationsBrowserTest :
    FunSpec({
        val service = autoClose(PushService())
        val rig = autoClose(InboxRig(mapOf("SESAME_PUSH_ALLOW" to "127.0.0.0/8")))

        fun BrowserContext.allowing() = apply { grantPermissions(listOf("notifications")) }

        fun Page.turnOn(): Page = apply {
            navigate("${rig.url}/devices")
            locator("#push-on").click()
            assertThat(getByText("Notifications are on.")).isVisible()
        }

        test("turned on by one tap, listed, tried, told of a request, renewed by a visit, and off when removed") {
            rig.approver().browser(InboxRig.phone()).use { context ->
                context.allowing().subscribingAt(service)
                val page = context.newPage().turnOn()
                assertThat(page.getByText("(this one)")).isVisible()
                page.getByLabel("Send a test to").click()
                assertThat(page.locator("main")).containsText("The push service took the test")
                service.next() shouldBe "/1"
                rig.asked("Refund by notice")
                service.next() shouldBe "/1"
                page.evaluate("() => localStorage.setItem('played', btoa('x'.repeat(65)))") // as if another key had been used
                page.navigate("${rig.url}/devices")
                assertThat(page.getByText("Notifications are on.")).isVisible()
                rig.asked("Refund at a new address")
                service.next() shouldBe "/2"
                page.getByLabel("Remove").click()
                assertThat(page.locator("#push-on")).isVisible()
                page.evaluate("() => localStorage.getItem('played')") shouldBe null
            }
        }

        test("the page of a person with devices, as a picture, without a fault that axe finds") {
            View.all.forEach { view ->
                rig.approver().browser(view.options).use { context ->
                    context.allowing().subscribingAt(service)
                    context.newPage().turnOn().looked("devices-on", view)
                }
            }
        }

        test("signing out ends it in this browser, too, before the page is left") {
            rig.approver().browser().use { context ->
                context.allowing().subscribingAt(service)
                val page = context.newPage().turnOn()
                page.navigate("${rig.url}/sessions")
                page.getByText("Sign out on this device").click()
                assertThat(page.locator("main")).containsText("Signed out")
                page.evaluate("() => localStorage.getItem('played')") shouldBe null
                page.evaluate("() => localStorage.getItem('sesame-device')") shouldBe null
            }
        }

        test("a push is shown, a later one takes its place without a sound, and the request's page clears it") {
            val id = rig.asked("Refund with a notification")
            rig.approver().browser().use { context ->
                context.allowing().subscribingAt(service)
                val page = context.newPage().turnOn()
                Pushing(page, rig.url).use { pushing ->
                    pushing.push("""{"title":"A request waits for you","body":"","tag":"$id","approval":"$id","quiet":false}   """)
                    page.waitForCondition { pushing.shown().isNotEmpty() }
                    pushing.shown() shouldContainExactly listOf(listOf("A request waits for you", "", id, false))
                    pushing.push("""{"title":"Decided: approved","body":"","tag":"$id","approval":"$id","quiet":true}""")
                    page.waitForCondition { pushing.shown().single().first() == "Decided: approved" }
                    pushing.shown() shouldContainExactly listOf(listOf("Decided: approved", "", id, true))
                    pushing.push("no JSON at all")
                    page.waitForCondition { pushing.shown().size == 2 }
                    page.navigate("${rig.url}/approvals/$id")
                    page.waitForCondition { pushing.shown().none { it[2] == id } }
                }
            }
        }

        test("a click opens the request, or the list, of this site and nothing else, whatever the message says") {
            val worker = Chromium::class.java.getResource("/inbox/push-worker.js").shouldNotBeNull().readText()
            rig.stranger().use { context ->
                val page = context.newPage().also { it.navigate("${rig.url}/inbox") }
                fun opened(approval: String) = page.evaluate(CLICK.replace("WORKER", worker).replace("APPROVAL", approval))
                val id = "ap_" + "a".repeat(26)
                opened("\"$id\"") shouldBe "https://sesame.example/base/approvals/$id"
                listOf("undefined", "null", "\"https://evil.example\"", "\"../../evil\"", "\"$id/../x\"", "{}", "\"ap_x\"").forEach {
                    opened(it) shouldBe "https://sesame.example/base/inbox"
                }
            }
        }

        test("where they can't be, the page says why and what to do") {
            mapOf(
                "Object.defineProperty(window, 'isSecureContext', { get: () => false })" to "Notifications need https",
                "delete window.PushManager" to "This browser has no notifications from sites",
                "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })" to "Allow them in its settings",
                "delete window.PushManager; Object.defineProperty(navigator, 'userAgent', { get: () => 'iPhone' })" to
                    "Add to Home Screen",
            ).forEach { (script, words) ->
                rig.approver().browser().use { context ->
                    context.addInitScript(script)
                    val page = context.open("${rig.url}/devices")
                    assertThat(page.getByText(words)).isVisible()
                    assertThat(page.locator("#push-on")).isHidden()
                }
            }
        }

        test("a browser that can't reach its push service says so, and may be asked again") {
            rig.approver().browser().use { context ->
                context.allowing().addInitScript("PushManager.prototype.subscribe = async () => { throw new Error('no push service') }")
                val page = context.open("${rig.url}/devices")
                page.locator("#push-on").click()
                assertThat(page.getByText("couldn't be registered at its push service: no push service")).isVisible()
                assertThat(page.locator("#push-on")).isVisible()
            }
        }

        test("without scripts the page says what it needs, and devices can be removed") {
            rig.approver().browser(InboxRig.desk().setJavaScriptEnabled(false)).use { context ->
                val page = context.open("${rig.url}/devices")
                assertThat(page.getByText("That needs JavaScript")).isVisible()
                assertThat(page.locator("#push-on")).isHidden()
            }
        }
    })

/** What the worker opens for a click on a notification about [APPROVAL]; its surroundings are played. */
private const val CLICK = """async () => {
    const handlers = {};
    let opened = null;
    const self = {
        registration: { scope: "https://sesame.example/base/" },
        addEventListener: (name, handler) => { handlers[name] = handler; },
        clients: { matchAll: async () => [], openWindow: async (page) => { opened = page; } },
    };
    (() => { WORKER })();
    let done = null;
    handlers.notificationclick({ notification: { close: () => {}, data: { approval: APPROVAL } }, waitUntil: (work) => { done = work; } });
    await done;
    return opened;
}"""
