package dev.sesame.broker.inbox

import dev.sesame.broker.notice.push.Device
import dev.sesame.broker.text.shown
import kotlinx.html.ButtonType
import kotlinx.html.DIV
import kotlinx.html.FlowContent
import kotlinx.html.LI
import kotlinx.html.SECTION
import kotlinx.html.a
import kotlinx.html.button
import kotlinx.html.div
import kotlinx.html.h1
import kotlinx.html.h2
import kotlinx.html.id
import kotlinx.html.li
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.span
import kotlinx.html.strong
import kotlinx.html.ul

/** What the page of devices shows: [all] of the visitor's, `null` where the broker tells none; [said] is what was just done. */
internal class DevicesSeen(val pages: Pages, val visitor: Visitor, val all: List<Device>?, val said: String?)

internal fun FlowContent.devices(seen: DevicesSeen) {
    div("crumb") { a(href = seen.pages.path("/sessions")) { +"Your sessions" } }
    h1 { +"Notifications" }
    if (seen.all == null) return p("standing") { +"This broker is set not to send any: it was started with SESAME_PUSH=false." }
    p("quiet") { +"You are told when a request waits for you, also while no page of Sesame is open." }
    seen.said?.let {
        p("standing") {
            attributes["role"] = "status"
            visible(it)
        }
    }
    section("sheet") { thisDevice() }
    if (seen.all.isEmpty()) return
    section {
        h2("label") { +"Where you are told" }
        ul("rows") { seen.all.forEach { device -> li("row device") { device(seen, device) } } }
    }
}

/** What can be said of this browser only its script finds out: every state stands here, and the script shows the one. */
private fun SECTION.thisDevice() {
    id = "this-device"
    h2 { +"This device" }
    state("scriptless", isShown = true) { +"Finding out what this browser can do. That needs JavaScript." }
    state("on") { +"Notifications are on." }
    state("working") { +"Turning them on. The browser may ask you whether it should." }
    state("insecure") { +"Notifications need https. Who runs this broker sets it up, and its address outside as SESAME_PUBLIC_URL." }
    state("home-screen") {
        +"On an iPhone or iPad, choose Share, then Add to Home Screen. Open Sesame from there and come back to this page. "
        +"That needs iOS 16.4 or newer."
    }
    state("unable") { +"This browser has no notifications from sites, or has them switched off, as private windows do." }
    state("denied") {
        +"This browser doesn't allow notifications from Sesame. Allow them in its settings for this site, then load this page anew."
    }
    state("refused") {
        +"The broker can't tell this browser: "
        span { attributes["data-words"] = "" }
    }
    state("unreachable") {
        +"This browser couldn't be registered at its push service: "
        span { attributes["data-words"] = "" }
    }
    div {
        attributes["data-when"] = "off refused unreachable"
        attributes["hidden"] = ""
        button(type = ButtonType.button, classes = "main") {
            id = "push-on"
            +"Turn on for this device"
        }
    }
}

private fun FlowContent.state(name: String, isShown: Boolean = false, words: DIV.() -> Unit) {
    div {
        attributes["data-when"] = name
        attributes["role"] = "status"
        if (!isShown) attributes["hidden"] = ""
        words()
    }
}

private fun LI.device(seen: DevicesSeen, device: Device) {
    id = device.id
    val name = browserName(device.browser)
    div {
        strong { visible(name) }
        span {
            attributes["data-here"] = ""
            attributes["hidden"] = ""
            +" (this one)"
        }
        p("quiet") {
            +"Since "
            moment(device.createdAt)
            +", last visited "
            moment(device.seenAt)
        }
        device.lost?.let {
            p {
                +"Not told any more: "
                visible(it)
                +". It is again after the next visit there."
            }
        }
    }
    div("deeds") {
        val path = seen.pages.path("/devices/${device.id}")
        if (device.lost == null) buttonForm("$path/test", seen.visitor, "Test", name = shown("Send a test to $name"))
        buttonForm("$path/remove", seen.visitor, "Remove", name = shown("Remove $name"))
    }
}
