package dev.sesame.browser

import com.microsoft.playwright.BrowserContext
import com.microsoft.playwright.Page
import com.microsoft.playwright.Page.ScreenshotOptions
import com.microsoft.playwright.options.ColorScheme
import io.kotest.assertions.withClue
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.nio.file.Path

/** Every page at three widths and in both themes: as a picture in target/screens, without a fault that axe finds, and never too wide. */
@EnabledIf(WhereThereIsOne::class)
class ScreensBrowserTest :
    FunSpec({
        val telegram = autoClose(LocalTelegram())
        val rig = autoClose(InboxRig(telegram.environment))
        val requests = Examples(rig, telegram)

        for (scheme in listOf(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (width in listOf(320, 390, 1280)) {
                test("at $width px, ${scheme.name.lowercase()}") {
                    val options = if (width < 1000) InboxRig.phone(width, scheme) else InboxRig.desk(scheme)
                    rig.stranger(options).use { nobody ->
                        requests.publicPages().forEach { (name, path) -> nobody.look(rig.url + path, name, width, scheme) }
                    }
                    requests.reader.browser(options).use { signedIn ->
                        requests.pages().forEach { (name, path) -> signedIn.look(rig.url + path, name, width, scheme) }
                        if (isOneOf(width, scheme)) {
                            requests.deeds().forEach {
                                signedIn.look(rig.url + it.path, it.name, width, scheme, it.act)
                            }
                        }
                        signedIn.look(rig.url + "/telegram", "telegram-code", width, scheme) { it.getByText("Make a new code").click() }
                    }
                    if (!isOneOf(width, scheme)) return@test
                    requests.admin.browser(options).use { signedIn ->
                        requests.adminDeeds().forEach { signedIn.look(rig.url + it.path, it.name, width, scheme, it.act) }
                    }
                }
            }
        }
    })

/** Each width once, and both themes: for pages that hold little that others don't. */
private fun isOneOf(width: Int, scheme: ColorScheme) = (width == 320) == (scheme == ColorScheme.DARK)

internal fun BrowserContext.look(url: String, name: String, width: Int, scheme: ColorScheme, act: (Page) -> Unit = {}) = open(url).use {
    act(it)
    it.looked(name, width, scheme)
}

/** The same for the page as it stands. */
internal fun Page.looked(name: String, width: Int, scheme: ColorScheme) = withClue(name) {
    locator("h1").first().waitFor()
    val file = Path.of("target/screens/$name-$width-${scheme.name.lowercase()}.png")
    screenshot(ScreenshotOptions().setPath(file).setFullPage(name != "request-first"))
    // Not innerWidth: a phone zooms out where a page is too wide, and then that is wider, too.
    (evaluate("() => document.documentElement.scrollWidth") as Int) shouldBeLessThanOrEqual width
    smallTargets().shouldBeEmpty()
    if (width != BETWEEN) faults().shouldBeEmpty()
}

/** At this width a page is built as at the one below it. */
private const val BETWEEN = 390

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
