package dev.sesame.browser

import com.google.gson.JsonObject
import com.microsoft.playwright.Page

/** Chromium's own virtual authenticator, on one page: a device that keeps passkeys and verifies its person, or fails to. */
internal class VirtualDevice(page: Page) {
    private val session = page.context().newCDPSession(page)
    private val id: String

    init {
        session.send("WebAuthn.enable")
        val options = JsonObject().apply {
            addProperty("protocol", "ctap2")
            addProperty("transport", "internal")
            listOf("hasResidentKey", "hasUserVerification", "isUserVerified", "automaticPresenceSimulation").forEach {
                addProperty(it, true)
            }
        }
        id = session.send("WebAuthn.addVirtualAuthenticator", JsonObject().apply { add("options", options) })["authenticatorId"].asString
    }

    fun knowsItsPerson(isVerified: Boolean) {
        session.send("WebAuthn.setUserVerified", mine().apply { addProperty("isUserVerified", isVerified) })
    }

    fun passkeyCount(): Int = session.send("WebAuthn.getCredentials", mine()).getAsJsonArray("credentials").size()

    private fun mine() = JsonObject().apply { addProperty("authenticatorId", id) }
}
