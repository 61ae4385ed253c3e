package dev.sesame.broker.inbox

import dev.sesame.broker.Answer
import dev.sesame.broker.Approving
import dev.sesame.broker.Browser
import dev.sesame.broker.Callable
import dev.sesame.broker.access.passkey.SoftwareAuthenticator
import dev.sesame.broker.access.passkey.text
import dev.sesame.broker.signInLink
import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe
import java.net.URI

/** Where passkeys of a broker at [url] are used, which is this machine by its name. */
internal fun originOf(url: String): String = "http://localhost:${URI(url).port}"

/** What the page's script does: asks what to sign, has it signed, and sends it in the page's form. */
internal class PasskeyBrowser(val browser: Browser, val device: SoftwareAuthenticator = SoftwareAuthenticator(originOf(browser.url))) {
    fun askToAdd(): Answer {
        browser.get("/passkeys")
        return browser.post("/passkeys/options")
    }

    /** Sends what the device makes of [asked]. */
    fun add(asked: Answer = askToAdd(), credential: (SoftwareAuthenticator) -> String = { it.create(asked.json) }): Answer =
        browser.post("/passkeys", "credential" to credential(device), "ticket" to asked.json.text("ticket"))

    fun askToSignIn(): Answer = browser.post("/sign-in/passkey/options")

    fun signIn(next: String = "/inbox", asked: Answer = askToSignIn()): Answer =
        browser.post("/sign-in/passkey", "credential" to device.get(asked.json), "next" to next)

    fun askToApprove(id: String, seen: Int = 1): Answer {
        browser.get("/approvals/$id")
        return browser.post("/approvals/$id/answer/options", "seen" to "$seen")
    }

    fun approve(id: String, asked: Answer): Answer = browser.post(
        "/approvals/$id/answer",
        "decision" to "approve",
        "credential" to device.get(asked.json),
        "ticket" to asked.json.text("ticket"),
    )

    /** The same device at a browser in which nobody is signed in. */
    fun elsewhere() = PasskeyBrowser(Browser(browser.url), device)
}

/** A browser in which [approver] is signed in at the broker's name, since none takes passkeys by address. */
internal fun Callable.named(approver: Approving = approver()): Browser = Browser(originOf(url)).also { it.signIn(signInLink(approver)) }

/** A browser in which [approver] is signed in and has just added a passkey. */
internal fun Callable.withPasskey(approver: Approving = approver()): PasskeyBrowser =
    PasskeyBrowser(named(approver)).also { own -> own.add().also { withClue(it) { it.status shouldBe 303 } } }
