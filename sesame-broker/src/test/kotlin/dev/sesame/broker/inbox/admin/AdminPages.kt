package dev.sesame.broker.inbox.admin

import dev.sesame.broker.Answer
import dev.sesame.broker.Browser
import dev.sesame.broker.Callable
import dev.sesame.broker.browser
import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe

/** A browser in which a new admin is signed in. */
internal fun Callable.adminBrowser(): Browser = browser(approver("admin"))

/** What the page's form carries in the hidden field [name], the first of that name. */
internal fun Answer.hidden(name: String): String =
    checkNotNull(Regex("""type="hidden" name="$name" value="([^"]*)"""").find(text)) { "no field $name in $this" }.groupValues[1]

/** The secret that this page, and no other, shows. */
internal fun Answer.secret(): String =
    checkNotNull(Regex("""<code id="secret" data-secret="">([^<]*)</code>""").find(text)) { "no secret in $this" }.groupValues[1]

/** Follows the redirect that says that it is done. */
internal fun Browser.after(answer: Answer): Answer {
    withClue(answer) { answer.status shouldBe 303 }
    return get(answer.header("Location")!!)
}
