package dev.sesame.browser

import com.microsoft.playwright.Page
import com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat
import dev.sesame.ApprovalDeniedException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope

/** From the question in a coroutine to the person, and back. */
@EnabledIf(WhereThereIsOne::class)
class LiveBrowserTest :
    FunSpec({
        val rig = autoClose(InboxRig())

        fun Page.marked() = also { it.evaluate("() => { window.notReloaded = true }") }
        fun Page.isSameLoad() = evaluate("() => window.notReloaded === true") as Boolean

        test("what a coroutine asks appears by itself, is approved by keys alone, and the coroutine goes on") {
            rig.approver().browser().use { context ->
                val page = context.open("${rig.url}/inbox").marked()
                assertThat(page.getByText("Nothing waits for you")).isVisible()
                coroutineScope {
                    val ran = async(Dispatchers.IO) { rig.sesame.approve("keys.refund", summary = "Refund by keys") { "ran" } }
                    assertThat(page.locator("a.row")).containsText("Refund by keys")
                    page.isSameLoad() shouldBe true
                    listOf("j", "Enter").forEach(page.keyboard()::press)
                    page.waitForURL("**/approvals/*")
                    page.keyboard().press("a")
                    assertThat(page.locator("#approve")).isFocused()
                    page.keyboard().press("Enter")
                    assertThat(page.locator("#standing")).containsText("You approved this")
                    ran.await() shouldBe "ran"
                }
                assertThat(page.locator(".story")).containsText("It ran and succeeded")
            }
        }

        test("on a phone, by touch, with a reason: denied, and the coroutine hears why") {
            rig.approver().browser(InboxRig.phone()).use { context ->
                val page = context.open("${rig.url}/inbox")
                coroutineScope {
                    val refused = async(Dispatchers.IO) {
                        shouldThrow<ApprovalDeniedException> { rig.sesame.approve("touch.refund", summary = "Refund by touch") { "ran" } }
                    }
                    page.locator("a.row").getByText("Refund by touch").tap()
                    page.getByText("Add a note or a reason").tap()
                    page.getByText("Not expected").tap()
                    page.locator("#deny").tap()
                    assertThat(page.locator("#standing")).containsText("You denied this")
                    refused.await().note shouldBe "Not expected"
                }
            }
        }

        test("one tap approves on a phone, where the buttons are in reach at once") {
            val id = rig.asked("Refund at once")
            rig.approver().browser(InboxRig.phone()).use { context ->
                val page = context.open("${rig.url}/approvals/$id")
                assertThat(page.locator("#approve")).isInViewport()
                page.locator("#approve").tap()
                assertThat(page.locator("#standing")).containsText("You approved this")
            }
            rig.statusOf(id) shouldBe "approved"
        }

        test("what is decided elsewhere leaves the list by itself, and its open page says by whom") {
            val id = rig.asked("Refund elsewhere")
            val (ada, kim) = rig.approver("Ada") to rig.approver("Kim")
            kim.browser().use { watching ->
                val list = watching.open("${rig.url}/inbox").marked()
                val page = watching.open("${rig.url}/approvals/$id").marked()
                assertThat(list.locator("#$id")).isVisible()
                page.locator("summary").getByText("Add a note").click()
                ada.browser().use { deciding ->
                    val other = deciding.open("${rig.url}/approvals/$id")
                    other.locator("#deny").click()
                    assertThat(other.locator("#standing")).containsText("You denied this")
                }
                assertThat(page.locator("#standing")).containsText("${ada.name} denied this")
                assertThat(page.locator("#approve")).hasCount(0)
                assertThat(list.locator("#$id")).hasCount(0)
                list.isSameLoad() && page.isSameLoad() shouldBe true
            }
        }

        test("while nothing can be reached the page says so; afterwards it catches up by itself") {
            rig.approver().browser().use { context ->
                val page = context.open("${rig.url}/inbox").marked()
                assertThat(page.locator("#offline")).isHidden()
                context.setOffline(true)
                assertThat(page.locator("#offline")).isVisible()
                val id = rig.asked("Asked meanwhile")
                context.setOffline(false)
                assertThat(page.locator("#$id")).isVisible()
                assertThat(page.locator("#offline")).isHidden()
                page.isSameLoad() shouldBe true
            }
        }
    })
