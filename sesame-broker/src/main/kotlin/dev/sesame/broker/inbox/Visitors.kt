package dev.sesame.broker.inbox

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Role
import dev.sesame.broker.access.Secret
import dev.sesame.broker.access.Session
import dev.sesame.broker.access.Sessions
import dev.sesame.broker.access.Site
import io.ktor.http.CookieEncoding
import io.ktor.http.HttpHeaders
import io.ktor.http.renderSetCookieHeader
import io.ktor.server.application.ApplicationCall

/** Finds out by the cookie who visits, and sets it. */
internal class Visitors(private val sessions: Sessions, private val site: () -> Site) {
    /** `null` where nobody is signed in. A page that a person asked for puts off the session's end; what a script fetches doesn't. */
    suspend fun of(call: ApplicationCall): Visitor? {
        val token = call.token() ?: return null
        val signedIn = sessions.of(token) ?: return null
        if (call.request.headers["Sec-Fetch-Dest"] != "empty") sessions.used(signedIn.session)
        return Visitor(signedIn.approver, signedIn.session, Sessions.formToken(token))
    }

    /** Spends [link] for a new session in this browser; `false` where it is worth nothing. What the browser brought along never becomes it. */
    suspend fun signIn(call: ApplicationCall, link: Secret): Boolean {
        val (_, token) = sessions.signIn(link, call.request.headers["User-Agent"].orEmpty()) ?: return false
        call.token()?.let { sessions.of(it) }?.let { sessions.end(it.session.id) }
        call.keep(token.clear, Session.LONGEST.toSeconds().toInt())
        return true
    }

    suspend fun signOut(call: ApplicationCall, visitor: Visitor) {
        sessions.end(visitor.session.id)
        call.keep("", 0)
    }

    private fun ApplicationCall.token(): Secret? = request.cookies[site().cookieName, CookieEncoding.RAW]?.takeIf {
        it.length <= LONGEST
    }?.let(::Secret)

    /** Lax: a link from a chat or a mail must find its reader signed in; what changes anything is a POST of our own page alone. */
    private fun ApplicationCall.keep(value: String, seconds: Int) {
        val cookie = renderSetCookieHeader(
            site().cookieName,
            value,
            CookieEncoding.RAW,
            maxAge = seconds,
            path = "/",
            secure = site().isSecure,
            httpOnly = true,
            extensions = mapOf("SameSite" to "Lax"),
            includeEncoding = false, // an attribute of Ktor's own, which no browser knows
        )
        response.headers.append(HttpHeaders.SetCookie, cookie)
    }

    private companion object {
        const val LONGEST = 200
    }
}

/** An approver who is signed in; [formToken] is what the forms of this session carry. */
internal class Visitor(val approver: Approver, val session: Session, val formToken: String) {
    val isAdmin: Boolean get() = approver.role == Role.ADMIN
}
