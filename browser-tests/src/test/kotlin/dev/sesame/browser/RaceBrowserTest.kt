package dev.sesame.browser

import com.microsoft.playwright.Page
import com.microsoft.playwright.Route
import com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat
import com.microsoft.playwright.impl.TargetClosedError
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

/** Two people, one request; and a person whose access ends in between. */
@EnabledIf(WhereThereIsOne::class)
class RaceBrowserTest :
    FunSpec({
        val rig = autoClose(InboxRig())

        test("of two who answer from pages that know nothing of each other, the second sees who was first") {
            val id = rig.asked("Refund twice")
            val (ada, kim) = rig.approver("Ada") to rig.approver("Kim")
            ada.browser().use { first ->
                kim.browser().use { second ->
                    val stale = second.newPage()
                    stale.keepUnaware(id)
                    stale.navigate("${rig.url}/approvals/$id")
                    val fresh = first.open("${rig.url}/approvals/$id")
                    fresh.locator("#deny").click()
                    assertThat(fresh.locator("#standing")).containsText("You denied this")
                    stale.locator("#approve").click()
                    assertThat(stale.locator("#standing")).containsText("${ada.name} denied this")
                    assertThat(stale.locator("#standing")).containsText("your answer didn't count")
                }
            }
            rig.statusOf(id) shouldBe "denied"
        }

        test("whose session ends loses what is on the screen at once, and decides nothing with what is left") {
            val id = rig.asked("Refund too late")
            val kim = rig.approver()
            kim.browser().use { context ->
                val page = context.open("${rig.url}/approvals/$id")
                assertThat(page.locator(".quoted")).containsText("Refund too late")
                val stale = context.newPage()
                stale.keepUnaware(id)
                stale.navigate("${rig.url}/approvals/$id")
                page.bringToFront()
                kim.signOut()
                assertThat(page.locator("main")).containsText("sign in on this device")
                assertThat(page.locator("#approve")).hasCount(0)
                stale.locator("#approve").click()
                assertThat(stale.locator("main")).containsText("You are not signed in")
            }
            rig.statusOf(id) shouldBe "pending"
        }

        test("without scripts it all works: sign in, read, answer, see who was first") {
            val id = rig.asked("Refund without scripts")
            rig.approver().browser(InboxRig.phone(320).setJavaScriptEnabled(false)).use { context ->
                val page = context.open("${rig.url}/inbox")
                page.locator("#$id").tap()
                page.locator("#approve").tap()
                assertThat(page.locator("#standing")).containsText("You approved this")
            }
            rig.statusOf(id) shouldBe "approved"
        }
    })

/** Lets nothing in that would tell this page what became of [id]. */
private fun Page.keepUnaware(id: String) {
    fun Route.orGone(answer: Route.() -> Unit) = try {
        answer()
    } catch (_: TargetClosedError) {
        // What asked was closed meanwhile.
    }
    route("**/v1/inbox/stream*") { route -> route.orGone { abort() } }
    route("**/approvals/$id") { route -> route.orGone { if (request().resourceType() == "fetch") abort() else resume() } }
}
