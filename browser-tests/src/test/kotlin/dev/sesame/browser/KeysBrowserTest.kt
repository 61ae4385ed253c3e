package dev.sesame.browser

import com.microsoft.playwright.Locator
import com.microsoft.playwright.Page
import com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat
import io.kotest.assertions.withClue
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** Every key that the list of keys names, on every page where it does something. */
@EnabledIf(WhereThereIsOne::class)
class KeysBrowserTest :
    FunSpec({
        val rig = autoClose(InboxRig())
        val first = rig.asked("First refund")
        val second = rig.asked("Second refund")
        val third = rig.asked("Third refund")
        val context = autoClose(rig.approver().browser())

        fun Page.keys(vararg keys: String) = keys.forEach(keyboard()::press)
        fun Page.row(id: String): Locator = locator("#$id")
        fun Page.isFocused(selector: String) = assertThat(locator(selector)).isFocused()
        fun list(): Page = context.open("${rig.url}/inbox")
        fun request(id: String = first): Page = context.open("${rig.url}/approvals/$id")

        test("j and k go through the list from either end, and stay at its ends") {
            list().use { page ->
                page.keys("j")
                assertThat(page.row(third)).isFocused()
                page.keys("j", "j", "j")
                assertThat(page.row(first)).isFocused()
                page.keys("k")
                assertThat(page.row(second)).isFocused()
                page.keys("k", "k", "k")
                assertThat(page.row(third)).isFocused()
            }
            list().use { page ->
                page.keys("k")
                assertThat(page.row(first)).isFocused()
            }
        }

        test("Enter opens the request that has the focus, u goes back to the list, and from a decided one to the history") {
            list().use { page ->
                page.keys("j", "j", "Enter")
                page.waitForURL("**/approvals/$second")
                page.keys("u")
                page.waitForURL("**/inbox")
            }
            val decided = rig.asked("Decided refund")
            rig.approver().decide(decided, buildJsonObject { put("decision", "deny") })
            request(decided).use { page ->
                page.keys("u")
                page.waitForURL("**/inbox?show=decided")
            }
            context.open("${rig.url}/sessions").use { page ->
                page.keys("u")
                page.waitForURL("**/inbox")
            }
        }

        test("a and d go to their buttons and decide nothing; from the list they open the request first") {
            mapOf("a" to "#approve", "d" to "#deny").forEach { (key, button) ->
                request().use { page ->
                    page.keys(key)
                    page.isFocused(button)
                }
                list().use { page ->
                    page.keys(key)
                    page.url() shouldBe "${rig.url}/inbox"
                    page.keys("j", key)
                    page.waitForURL("**/approvals/$third$button")
                    page.isFocused(button)
                }
            }
            listOf(first, third).map(rig::statusOf) shouldContainExactly listOf("pending", "pending")
        }

        test("Enter on the button that a or d went to answers") {
            val (yes, no) = rig.asked("Refund with a") to rig.asked("Refund with d")
            request(yes).use { page ->
                page.keys("a", "Enter")
                assertThat(page.locator("#standing")).containsText("You approved this")
            }
            request(no).use { page ->
                page.keys("d", "Enter")
                assertThat(page.locator("#standing")).containsText("You denied this")
            }
        }

        test("slash goes to the search; what is typed there are letters and not keys; Enter searches") {
            list().use { page ->
                page.keys("/")
                page.isFocused("#search")
                page.keys("j", "a", "d", "u", "?", "/")
                assertThat(page.locator("#search")).hasValue("jadu?/")
                assertThat(page.locator("#keys")).isHidden()
                page.locator("#search").fill("Second")
                page.keys("Enter")
                page.waitForURL("**/inbox?*")
                assertThat(page.locator("a.row")).hasCount(1)
            }
        }

        test("slash on any other page goes to the search of the list") {
            listOf("/approvals/$first", "/sessions").forEach { path ->
                context.open(rig.url + path).use { page ->
                    page.keys("/")
                    page.waitForURL("**/inbox#search")
                    withClue(path) { page.isFocused("#search") }
                }
            }
        }

        test("the question mark shows the keys; Escape and Close put them away, and the focus is back where it was") {
            listOf(list(), request(), context.open("${rig.url}/sessions")).forEach { page ->
                page.use {
                    val before = page.focused()
                    page.keys("?")
                    assertThat(page.locator("#keys")).isVisible()
                    page.keys("j", "a", "u", "/")
                    assertThat(page.locator("#keys")).isVisible()
                    page.keys("Escape")
                    assertThat(page.locator("#keys")).isHidden()
                    page.keys("?", "Enter")
                    assertThat(page.locator("#keys")).isHidden()
                    page.waitForFunction("(before) => $FOCUSED === before", before) // it moves with the next frame
                }
            }
            list().use { page ->
                page.keys("j", "?", "Escape")
                assertThat(page.row(third)).isFocused()
            }
        }

        test("with Ctrl, Alt or Meta a key is the browser's own; with the shift lock it is still the same key") {
            request().use { page ->
                page.keys("Control+d", "Alt+d", "Meta+d")
                page.focused() shouldBe "BODY"
                page.keys("D")
                page.isFocused("#deny")
            }
        }

        test("the list of keys names them all") {
            list().use { page ->
                page.keys("?")
                page.locator("#keys kbd").allTextContents() shouldContainExactly listOf("j", "k", "Enter", "a", "d", "/", "u", "?", "Esc")
            }
        }
    })

private const val FOCUSED = "(document.activeElement.id || document.activeElement.tagName)"

private fun Page.focused() = evaluate("() => $FOCUSED") as String
