package dev.sesame.browser

import com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject

@EnabledIf(WhereThereIsOne::class)
class HostileBrowserTest :
    FunSpec({
        val rig = autoClose(InboxRig())

        test("hostile text runs nothing, loads nothing, links nowhere, and stays in its frame") {
            val evil = "<img src=https://evil.example/x onerror=alert(1)><script>alert(2)</script><style>*{display:none}</style>" +
                "<a href=javascript:alert(3)>ok</a>"
            val id = rig.asked(
                "Pay $evil",
                buildJsonObject {
                    put("reason", "r".repeat(200) + "\n".repeat(60) + "Approved by Ada $evil" + "\u202e" + "a" + "\u0301".repeat(200))
                    put("requested_by", evil)
                    putJsonObject("context") {
                        put(evil, evil)
                        put("w".repeat(300), "w".repeat(3_000))
                    }
                },
            )
            rig.approver().browser(InboxRig.phone(320)).use { context ->
                val page = context.newPage()
                val asked = mutableListOf<String>()
                val said = mutableListOf<String>()
                page.onRequest { asked += it.url() }
                page.onDialog {
                    said += it.message()
                    it.dismiss()
                }
                page.onConsoleMessage { said += it.text() }
                listOf("/inbox", "/approvals/$id").forEach { path ->
                    page.navigate(rig.url + path)
                    assertThat(page.locator("main")).containsText("Pay <img src=")
                }
                page.locator(".quoted summary").all().forEach { it.click() }
                asked.filterNot { it.startsWith(rig.url) }.shouldBeEmpty()
                said.shouldBeEmpty()
                page.locator(".quoted a, .quoted img, .quoted script, .quoted form, .quoted button").count() shouldBe 0
                page.evaluate(OUTSIDE) shouldBe emptyList<String>()
                page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth") shouldBe true
            }
        }
    })

/** What stands in the frame and reaches over its edge. */
internal const val OUTSIDE = """() => {
    const frame = document.querySelector(".theirs").getBoundingClientRect();
    return [...document.querySelectorAll(".quoted *")].filter((one) => {
        const box = one.getBoundingClientRect();
        return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1);
    }).map((one) => one.outerHTML.slice(0, 80));
}"""
