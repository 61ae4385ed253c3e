package dev.sesame.broker.inbox

import dev.sesame.broker.inbox.Pages.Companion.guard
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.http.Parameters
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import kotlinx.html.ButtonType
import kotlinx.html.FORM
import kotlinx.html.InputType
import kotlinx.html.button
import kotlinx.html.input
import kotlinx.html.p
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

private const val CREDENTIAL = "credential"
private const val TICKET = "ticket"

/** What the browser's passkey said, as JSON. */
internal val Parameters.credential: String get() = this[CREDENTIAL].orEmpty()

/** What it was asked with. */
internal val Parameters.ticket: String get() = this[TICKET].orEmpty()

/** Where the script puts a passkey's answer, and where it says why there is none. */
internal fun FORM.passkeyFields() {
    listOf(CREDENTIAL, TICKET).forEach { input(type = InputType.hidden, name = it) }
    p("refused") {
        attributes["role"] = "alert"
        attributes["hidden"] = ""
        attributes["data-passkey-says"] = ""
    }
}

internal fun FORM.scriptButton(text: String) = button(type = ButtonType.submit, classes = "main") {
    attributes["hidden"] = ""
    +text
}

/** [options], with a [ticket] unless that travels as a cookie. */
internal suspend fun ApplicationCall.respondOptions(options: String, ticket: String = "") {
    guard()
    response.header(HttpHeaders.CacheControl, "no-store")
    val asked = Json.parseToJsonElement(options) as JsonObject
    respondText(JsonObject(asked + (TICKET to JsonPrimitive(ticket))).toString(), ContentType.Application.Json)
}

/** A script's question that gets no passkey asked; [sentence] is for its person. */
internal suspend fun ApplicationCall.refuseOptions(status: HttpStatusCode, sentence: String) {
    guard()
    response.header(HttpHeaders.CacheControl, "no-store")
    respondText(sentence, ContentType.Text.Plain, status)
}
