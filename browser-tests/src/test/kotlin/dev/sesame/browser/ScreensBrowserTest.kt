package dev.sesame.browser

import com.microsoft.playwright.BrowserContext
import com.microsoft.playwright.Page
import com.microsoft.playwright.Page.ScreenshotOptions
import io.kotest.assertions.withClue
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.nio.file.Path

/** Every page at three widths and in the themes: as a picture in target/screens, without a fault that axe finds, and never too wide. */
@EnabledIf(WhereThereIsOne::class)
class ScreensBrowserTest :
    FunSpec({
        val telegram = autoClose(LocalTelegram())
        val rig = autoClose(InboxRig(telegram.environment))
        val requests = Examples(rig, telegram)

        for (view in View.all) {
            test("at $view") {
                rig.stranger(view.options).use { nobody ->
                    requests.publicPages().forEach { (name, path) -> nobody.look(rig.url + path, name, view) }
                }
                requests.reader.browser(view.options).use { signedIn ->
                    requests.pages().forEach { (name, path) -> signedIn.look(rig.url + path, name, view) }
                    if (view in View.some) requests.deeds().forEach { signedIn.look(rig.url + it.path, it.name, view, it.act) }
                    signedIn.look(rig.url + "/telegram", "telegram-code", view) { it.getByText("Make a new code").click() }
                }
                // Pages that hold little that others don't.
                if (view !in View.some) return@test
                requests.admin.browser(view.options).use { signedIn ->
                    requests.adminDeeds().forEach { signedIn.look(rig.url + it.path, it.name, view, it.act) }
                }
            }
        }
    })

internal fun BrowserContext.look(url: String, name: String, view: View, act: (Page) -> Unit = {}) = open(url).use {
    act(it)
    it.looked(name, view)
}

/** The same for the page as it stands. */
internal fun Page.looked(name: String, view: View) = withClue(name) {
    locator("h1").first().waitFor()
    val file = Path.of("target/screens/$name-${view.width}-${view.scheme.name.lowercase()}.png")
    screenshot(ScreenshotOptions().setPath(file).setFullPage(name != "request-first"))
    // Not innerWidth: a phone zooms out where a page is too wide, and then that is wider, too.
    (evaluate("() => document.documentElement.scrollWidth") as Int) shouldBeLessThanOrEqual view.width
    smallTargets().shouldBeEmpty()
    if (!view.isBetween) faults().shouldBeEmpty()
}

/** What axe finds against WCAG 2.2 AA. */
@Suppress("UNCHECKED_CAST")
internal fun Page.faults(): List<String> {
    evaluate(axe)
    return evaluate(
        """async () => (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }))
            .violations.map((one) => one.id + ": " + one.nodes.map((node) => node.html.slice(0, 120) + " " + node.failureSummary).join(" | "))""",
    ) as List<String>
}

/** Buttons, links and fields under 44 px in height or width, but for words in a line. */
@Suppress("UNCHECKED_CAST")
internal fun Page.smallTargets(): List<String> = evaluate(
    """() => [...document.querySelectorAll("button, a, summary, select, textarea, input:not([type=hidden]):not([type=radio])")]
        .filter((one) => one.checkVisibility() && !one.matches(".skip"))
        .filter((one) => { const box = one.getBoundingClientRect(); return box.height < 44 || box.width < 44; })
        .map((one) => one.outerHTML.slice(0, 120))""",
) as List<String>

private val axe: String by lazy {
    checkNotNull(Chromium::class.java.getResource("/axe.min.js")) { "axe is not on the class path" }.readText()
}
