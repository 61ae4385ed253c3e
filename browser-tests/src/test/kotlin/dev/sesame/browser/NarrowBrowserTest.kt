package dev.sesame.browser

import com.microsoft.playwright.Page.GetByRoleOptions
import com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat
import com.microsoft.playwright.options.AriaRole
import io.kotest.assertions.withClue
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject

@EnabledIf(WhereThereIsOne::class)
class NarrowBrowserTest :
    FunSpec({
        val rig = autoClose(InboxRig())
        val id = rig.asked(
            "Refund on a phone",
            buildJsonObject {
                putJsonObject("context") {
                    put("customer", "ana.duarte@example.com")
                    put("payment_method_id", "pm_1")
                    putJsonObject("line") { put("merchant_reference", "R-77") }
                    put("k".repeat(400), "1")
                }
            },
        )

        test("on the narrowest screens no usual key is broken in two, no long one leaves the frame, and it is a table still") {
            rig.approver().browser(InboxRig.phone(320)).use { context ->
                val page = context.open("${rig.url}/approvals/$id")
                val shown = mapOf("customer" to "ana.duarte@example.com", "payment_method_id" to "pm_1", "merchant_reference" to "R-77")
                shown.forEach { (key, text) ->
                    val name = page.getByRole(AriaRole.ROWHEADER, GetByRoleOptions().setName(key).setExact(true))
                    assertThat(name).isVisible()
                    val value = page.getByRole(AriaRole.CELL, GetByRoleOptions().setName(text).setExact(true))
                    withClue(key) { listOf(name.evaluate(LINES), name.evaluate(LEFT)) shouldBe listOf(1, value.evaluate(LEFT)) }
                }
                page.getByRole(AriaRole.TABLE, GetByRoleOptions().setName("Context")).count() shouldBe 1
                @Suppress("UNCHECKED_CAST")
                (page.evaluate(OUTSIDE) as List<String>).shouldBeEmpty()
            }
        }

        test("where there is room a key stands beside its value") {
            rig.approver().browser().use { context ->
                val page = context.open("${rig.url}/approvals/$id")
                val name = page.getByRole(AriaRole.ROWHEADER, GetByRoleOptions().setName("customer").setExact(true))
                val value = page.getByRole(AriaRole.CELL, GetByRoleOptions().setName("ana.duarte@example.com").setExact(true))
                (name.boundingBox().y to true) shouldBe (value.boundingBox().y to (name.boundingBox().x < value.boundingBox().x))
            }
        }
    })

/** Where an element's words begin. */
private const val LEFT = """(element) => {
    const words = document.createRange();
    words.selectNodeContents(element);
    return Math.round(words.getBoundingClientRect().left);
}"""

/** In how many lines an element's words stand. */
private const val LINES = """(element) => {
    const words = document.createRange();
    words.selectNodeContents(element);
    return new Set([...words.getClientRects()].map((one) => Math.round(one.top))).size;
}"""
