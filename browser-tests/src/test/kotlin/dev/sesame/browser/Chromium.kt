package dev.sesame.browser

import com.microsoft.playwright.Browser
import com.microsoft.playwright.BrowserType.LaunchOptions
import com.microsoft.playwright.Playwright
import io.kotest.core.annotation.Condition
import io.kotest.core.spec.Spec
import java.nio.file.Files
import java.nio.file.Path
import kotlin.reflect.KClass

/** The browser of this machine; Playwright's own download stays out. */
internal class Chromium : AutoCloseable {
    private val playwright =
        Playwright.create(
            Playwright.CreateOptions().setEnv(
                mapOf(
                    "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD" to "1",
                    "PLAYWRIGHT_SKIP_VALIDATE_HOST_REQUIREMENTS" to "1",
                ),
            ),
        )
    private val browser: Browser = playwright.chromium().launch(
        LaunchOptions().setExecutablePath(checkNotNull(find()) { MISSING }).setArgs(listOf("--no-sandbox", "--disable-gpu")),
    )

    fun context(options: Browser.NewContextOptions = Browser.NewContextOptions()) = browser.newContext(options)!!

    override fun close() = playwright.close()

    companion object {
        const val MISSING = "no Chromium on this machine: the inbox is not tried in a browser (on Debian: apt-get install chromium)"
        private val usual = listOf("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome").map(Path::of)

        /** Where it is, by SESAME_CHROMIUM or in its usual places; `null` where there is none. */
        fun find(named: String? = System.getenv("SESAME_CHROMIUM"), places: List<Path> = usual): Path? =
            (if (named.isNullOrEmpty()) places else listOf(Path.of(named))).firstOrNull(Files::isExecutable)
    }
}

/** Leaves a spec out, and says so, where there is no browser; where every change is tried (CI), the lack of one fails. */
internal class WhereThereIsOne : Condition {
    override fun evaluate(kclass: KClass<out Spec>): Boolean {
        val isThere = Chromium.find() != null || System.getenv("CI") == "true"
        if (!isThere) println("Skipped ${kclass.simpleName}: ${Chromium.MISSING}")
        return isThere
    }
}
