package dev.sesame.browser

import com.microsoft.playwright.Browser.NewContextOptions
import com.microsoft.playwright.options.ColorScheme

/** How a page is looked at: as wide as a small phone, a phone or a desk, in one of the themes. */
internal class View(val width: Int, val scheme: ColorScheme) {
    val options: NewContextOptions get() = if (width < 1000) InboxRig.phone(width, scheme) else InboxRig.desk(scheme)

    /** At this width a page is built as at the one below it. */
    val isBetween: Boolean get() = width == 390

    override fun toString() = "$width px, ${scheme.name.lowercase()}"

    companion object {
        /** Each width once, and both themes. */
        val some = listOf(View(320, ColorScheme.DARK), View(390, ColorScheme.LIGHT), View(1280, ColorScheme.LIGHT))

        private val others = listOf(View(320, ColorScheme.LIGHT), View(390, ColorScheme.DARK), View(1280, ColorScheme.DARK))

        /** What a build looks at; with `-Dsesame.views=all` each width in each theme. */
        val all: List<View> = if (System.getProperty("sesame.views") == "all") some + others else some
    }
}
