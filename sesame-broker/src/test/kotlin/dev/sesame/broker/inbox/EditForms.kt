package dev.sesame.broker.inbox

import dev.sesame.broker.Answer
import dev.sesame.broker.Browser
import dev.sesame.broker.http.shouldBeOk

/** What the page's hidden field of that name holds. */
internal fun Answer.hidden(name: String): String = checkNotNull(Regex("""type="hidden" name="$name" value="([^"]*)"""").find(text)) {
    "no hidden $name in $this"
}.groupValues[1].replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

/** Fills in the edit's form of [id], as its page shows it now, with [typed] by the fields' places, and sends it; decides nothing. */
internal fun Browser.look(id: String, vararg typed: String): Answer = get("/approvals/$id").shouldBeOk().let { page ->
    post(
        "/approvals/$id/edit",
        *typed.mapIndexed { index, text -> "edit-$index" to text }.toTypedArray(),
        "seen" to page.hidden("seen"),
        "asked" to page.hidden("asked"),
    )
}

/** What the second page, [shown], carries. */
internal fun carried(shown: Answer): Array<Pair<String, String>> =
    listOf("seen", "asked", "approves", "changed").map { it to shown.hidden(it) }.toTypedArray()

/** Presses Approve on the second page, [shown]. */
internal fun Browser.approveEdit(id: String, shown: Answer, vararg more: Pair<String, String>): Answer =
    post("/approvals/$id/edit/answer", "decision" to "approve", *carried(shown), *more)
