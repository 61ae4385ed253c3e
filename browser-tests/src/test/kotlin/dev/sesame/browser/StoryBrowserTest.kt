package dev.sesame.browser

import com.microsoft.playwright.Page
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions
import com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat
import com.sun.net.httpserver.HttpServer
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit.SECONDS
import java.util.regex.Pattern

/** What the broker sends about a request appears on its open page, though it is no event of the request. */
@EnabledIf(WhereThereIsOne::class)
class StoryBrowserTest :
    FunSpec({
        val telegram = autoClose(LocalTelegram())
        val rig = autoClose(InboxRig(telegram.environment + ("SESAME_WEBHOOK_ALLOW" to "127.0.0.0/8")))

        fun Page.marked() = also { it.evaluate("() => { window.notReloaded = true }") }
        fun Page.isSameLoad() = evaluate("() => window.notReloaded === true") as Boolean

        test("a notice that fails at first is shown as it goes on, and what was being typed and unfolded stays") {
            val kim = rig.approver()
            kim.linkTelegram(telegram)
            kim.browser().use { context ->
                telegram.isDown = true
                val page = context.open("${rig.url}/approvals/${rig.asked("Refund by notice")}").marked()
                val told = page.locator("#told")
                assertThat(told).containsText(Pattern.compile("after \\d attempts?: Bad Gateway"))
                page.locator("#why summary").click()
                page.locator("#note").fill("not yet sent")
                page.locator("#told-count").click()
                telegram.isDown = false
                assertThat(told).containsText("Question to you by Telegram: sent", ContainsTextOptions().setTimeout(PATIENCE_MS))
                assertThat(told).not().hasAttribute("open", "")
                assertThat(page.locator("#note")).isVisible()
                assertThat(page.locator("#note")).hasValue("not yet sent")
                assertThat(page.locator("#told-count")).isFocused()
                page.isSameLoad() shouldBe true
            }
        }

        test("a webhook that ends after the decision is shown when it ends") {
            val release = CountDownLatch(1)
            val receiver = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10).apply {
                createContext("/") {
                    release.await(20, SECONDS)
                    it.sendResponseHeaders(204, -1)
                    it.close()
                }
                executor = Executors.newVirtualThreadPerTaskExecutor()
                start()
            }
            val hook = "http://127.0.0.1:${receiver.address.port}/hook"
            val id = rig.asked("Refund by webhook", buildJsonObject { put("callback_url", hook) })
            rig.approver().browser().use { context ->
                val page = context.open("${rig.url}/approvals/$id")
                page.locator("#approve").click()
                assertThat(page.locator(".story")).containsText("is on its way")
                page.marked()
                release.countDown()
                assertThat(page.locator(".story")).containsText("delivered, 1 attempt")
                page.isSameLoad() shouldBe true
            }
            receiver.stop(0)
        }
    })

/** A second attempt that fails, too, is followed by one after ten seconds. */
private const val PATIENCE_MS = 30_000.0
