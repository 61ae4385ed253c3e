package dev.sesame.broker.inbox

import dev.sesame.broker.access.Site
import dev.sesame.broker.access.passkey.Passkey
import dev.sesame.broker.text.shown
import kotlinx.html.ButtonType
import kotlinx.html.DIV
import kotlinx.html.FlowContent
import kotlinx.html.FormMethod
import kotlinx.html.InputType
import kotlinx.html.LI
import kotlinx.html.button
import kotlinx.html.details
import kotlinx.html.div
import kotlinx.html.form
import kotlinx.html.h1
import kotlinx.html.h2
import kotlinx.html.id
import kotlinx.html.input
import kotlinx.html.label
import kotlinx.html.li
import kotlinx.html.p
import kotlinx.html.section
import kotlinx.html.strong
import kotlinx.html.summary
import kotlinx.html.ul

/** Passkeys as their owner sees them. */
internal class SeenPasskeys(
    val visitor: Visitor,
    val all: List<Passkey>,
    val site: Site,
    val reach: PasskeyReach,
    /** The session is new enough to add and remove. */
    val mayChange: Boolean,
    val refused: String?,
) {
    fun works(passkey: Passkey): Boolean = passkey.rpId == site.passkeyPlace?.rpId
}

internal fun FlowContent.passkeys(seen: SeenPasskeys) {
    h1 { +"Your passkeys" }
    p("quiet") { +"A passkey signs you in with your fingerprint, your face or a PIN. What proves it stays with your devices." }
    seen.refused?.let {
        p("refused") {
            attributes["role"] = "alert"
            +it
        }
    }
    if (seen.all.isEmpty()) p { +"You have none yet." } else ul("rows") { seen.all.forEach { li("row passkey-row") { row(seen, it) } } }
    section("sheet") {
        h2 { +"Add a passkey" }
        adding(seen)
    }
}

private fun LI.row(seen: SeenPasskeys, passkey: Passkey) {
    div {
        strong { visible(passkey.name) }
        p("quiet") {
            +"Made "
            moment(passkey.createdAt)
            passkey.usedAt?.let {
                +", last used "
                moment(it)
            }
            +(if (passkey.isBackupEligible) ". May be on several of your devices." else ". On one device alone.")
        }
        if (!seen.works(passkey)) p("quiet") { +"It was made for ${passkey.rpId} and works only there." }
        passkey.suspectAt?.let {
            p("refused") {
                +"Refused on "
                moment(it)
                +": its counter went back, so a copy of it may be in use. Remove it, unless you know why."
            }
        }
    }
    div("passkey-actions") { actions(seen, passkey) }
}

private fun DIV.actions(seen: SeenPasskeys, passkey: Passkey) {
    details {
        summary {
            attributes["aria-label"] = shown("Rename ${passkey.name}")
            +"Rename"
        }
        form(action = seen.site.path("/passkeys/${passkey.id}/rename"), method = FormMethod.post, classes = "line") {
            input(type = InputType.hidden, name = Forms.TOKEN) { value = seen.visitor.formToken }
            label("unseen") {
                htmlFor = "name-${passkey.id}"
                +"New name"
            }
            input(type = InputType.text, name = "name") {
                id = "name-${passkey.id}"
                value = passkey.name
                required = true
                autoComplete = "off"
                attributes["maxlength"] = "${Passkey.LONGEST_NAME}"
            }
            button(type = ButtonType.submit, classes = "plain") { +"Save" }
        }
    }
    if (seen.mayChange) {
        val name = shown("Remove ${passkey.name}")
        buttonForm(seen.site.path("/passkeys/${passkey.id}/remove"), seen.visitor, "Remove", "plain danger", name)
    }
}

private fun FlowContent.adding(seen: SeenPasskeys) {
    when {
        seen.reach != PasskeyReach.HERE -> unreachable(seen.reach, seen.site, "/passkeys")

        !seen.mayChange -> {
            p { +"To add or remove one, sign in anew: this session began more than 15 minutes ago." }
            if (seen.all.any(seen::works)) signInForm(seen.site, "/passkeys") else signInHint()
        }

        seen.all.size >= Passkey.MOST -> p { +"You have ${Passkey.MOST}, as many as there can be. Remove one first." }

        else -> passkeyForm(seen.site.path("/passkeys"), "create", "Add a passkey on this device or a key") {
            input(type = InputType.hidden, name = Forms.TOKEN) { value = seen.visitor.formToken }
        }
    }
}
