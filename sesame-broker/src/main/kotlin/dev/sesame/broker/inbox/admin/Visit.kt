package dev.sesame.broker.inbox.admin

import dev.sesame.broker.inbox.Assets
import dev.sesame.broker.inbox.Page
import dev.sesame.broker.inbox.Pages
import dev.sesame.broker.inbox.Visitor
import dev.sesame.broker.inbox.isHere
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.request.uri
import kotlinx.html.FlowContent
import kotlinx.html.a
import kotlinx.html.h1
import kotlinx.html.nav
import kotlinx.html.p

/** An admin who came to one of these pages, and what they are answered. */
internal class Visit(private val call: ApplicationCall, val visitor: Visitor, private val pages: Pages) {
    /** What the address names. */
    val id: String get() = call.parameters["id"].orEmpty()

    /** The same where it can be an id of that kind; anything else is as unknown as an unknown one. */
    fun idThat(isId: (String) -> Boolean): String? = id.takeIf(isId)

    fun asked(name: String): String = call.request.queryParameters[name].orEmpty().take(LONGEST)

    fun path(path: String): String = pages.path(path)

    /** A page below the admin's own navigation; what was done just now stands above its content. */
    suspend fun show(title: String, status: HttpStatusCode = HttpStatusCode.OK, content: FlowContent.() -> Unit) = pages.show(
        call,
        Page(title, status, visitor, styles = listOf(Assets.ADMIN_STYLE), scripts = listOf(Assets.ADMIN_SCRIPT)) {
            parts()
            Done.of(asked(Done.FIELD))?.let { done ->
                p("done") {
                    attributes["role"] = "status"
                    +done.sentence
                }
            }
            content()
        },
    )

    /** See other: it is done, and a reload doesn't do it again. */
    suspend fun goTo(path: String, done: Done? = null) = pages.goTo(call, if (done == null) path else "$path?${Done.FIELD}=${done.word}")

    suspend fun absent(what: String) = show("No such $what", HttpStatusCode.NotFound) {
        h1 { +"No such $what" }
        p { +"It was never here, or is gone." }
    }

    private fun FlowContent.parts() = nav("parts") {
        attributes["aria-label"] = "Admin"
        Part.entries.forEach { part ->
            a(href = pages.path(part.path)) {
                isHere(call.request.uri, part.path)?.let { attributes["aria-current"] = it }
                +part.title
            }
        }
    }

    private companion object {
        const val LONGEST = 200
    }
}

/** What the admin's navigation leads to. */
internal enum class Part(val path: String, val title: String) {
    REQUESTERS("/admin/requesters", "Requesters"),
    APPROVERS("/admin/approvers", "Approvers"),
    ENDPOINTS("/admin/endpoints", "Endpoints"),
    DELIVERIES("/admin/deliveries", "Deliveries"),
    CHANNELS("/admin/channels", "Channels"),
}
