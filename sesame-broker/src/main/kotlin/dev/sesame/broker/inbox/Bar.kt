package dev.sesame.broker.inbox

import kotlinx.html.A
import kotlinx.html.FlowContent
import kotlinx.html.HEADER
import kotlinx.html.NAV
import kotlinx.html.a
import kotlinx.html.nav

/** The top of every page: where a visitor can go, and where they are: at [asked], a path with its query. */
internal fun HEADER.bar(visitor: Visitor?, asked: String, path: (String) -> String) {
    a(href = path("/inbox"), classes = "brand") { +"Sesame" }
    if (visitor == null) return
    nav {
        attributes["aria-label"] = "Sesame"
        entry(path("/inbox"), isHere(asked, "/inbox")) { +"Pending" }
        entry(path("/inbox?show=decided"), isHere(asked, "/inbox?show=decided")) { +"History" }
        if (visitor.isAdmin) entry(path("/admin"), isHere(asked, "/admin")) { +"Admin" }
        entry(path("/sessions"), isHere(asked, "/sessions"), "me") {
            attributes["aria-label"] = "Your sessions, ${visitor.approver.name}"
            visible(visitor.approver.name)
        }
    }
}

private fun NAV.entry(address: String, here: String?, classes: String? = null, text: A.() -> Unit) {
    a(href = address, classes = classes) {
        here?.let { attributes["aria-current"] = it }
        text()
    }
}

/** `page`: it is that very page; `true`: it is one of that part; `null`: it is elsewhere. */
internal fun isHere(asked: String, entry: String): String? {
    val path = asked.substringBefore('?').trimEnd('/')
    val show = asked.substringAfter("show=", "").substringBefore('&').ifEmpty { "pending" }
    return when {
        entry == "/inbox" && path == entry -> "page".takeIf { show == "pending" }
        entry == "/inbox?show=decided" && path == "/inbox" -> if (show == "decided") "page" else "true".takeIf { show != "pending" }
        path == entry -> "page"
        path.startsWith("$entry/") -> "true"
        else -> null
    }
}
