package dev.sesame.broker.inbox

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Caller
import dev.sesame.broker.access.Role
import dev.sesame.broker.access.Secret
import dev.sesame.broker.access.Session
import dev.sesame.broker.access.Sessions
import dev.sesame.broker.access.SignedIn
import dev.sesame.broker.access.Site
import io.ktor.server.application.ApplicationCall
import java.time.Duration

/** Finds out by the cookie who visits, and sets it. */
internal class Visitors(
    private val sessions: Sessions,
    private val site: () -> Site,
    /** The groups that an approver is in. */
    private val groupsOf: suspend (String) -> Set<String>,
) {
    /** `null` where nobody is signed in. A page that a person asked for puts off the session's end; what a script fetches doesn't. */
    suspend fun of(call: ApplicationCall): Visitor? {
        val token = call.token() ?: return null
        val signedIn = sessions.of(token) ?: return null
        if (call.request.headers["Sec-Fetch-Dest"] != "empty") sessions.used(signedIn.session)
        val approver = signedIn.approver
        return Visitor(approver, signedIn.session, Sessions.formToken(token), groupsOf(approver.id))
    }

    /** Spends [link] for a new session in this browser; `false` where it is worth nothing. What the browser brought along never becomes it. */
    suspend fun signIn(call: ApplicationCall, link: Secret): Boolean = call.begin(sessions.signIn(link, call.agent()))

    /** The same for an approver who has proved who they are; `false` where they were revoked. */
    suspend fun signIn(call: ApplicationCall, approver: Approver): Boolean = call.begin(sessions.begin(approver, call.agent()))

    suspend fun signOut(call: ApplicationCall, visitor: Visitor) {
        sessions.end(visitor.session.id)
        call.keep("", Duration.ZERO)
    }

    private suspend fun ApplicationCall.begin(begun: Pair<SignedIn, Secret>?): Boolean {
        val (_, token) = begun ?: return false
        token()?.let { sessions.of(it) }?.let { sessions.end(it.session.id) }
        keep(token.clear, Session.LONGEST)
        return true
    }

    private fun ApplicationCall.agent(): String = request.headers["User-Agent"].orEmpty()

    private fun ApplicationCall.token(): Secret? = cookie(site().cookieName)

    /** Lax: a link from a chat or a mail must find its reader signed in; what changes anything is a POST of our own page alone. */
    private fun ApplicationCall.keep(value: String, life: Duration) = keepCookie(site(), site().cookieName, value, life, "Lax")
}

/** An approver who is signed in; [formToken] is what the forms of this session carry. */
internal class Visitor(val approver: Approver, val session: Session, val formToken: String, groups: Set<String>) {
    /** The same person as programs know them: what they may read there, they may read here. */
    val caller = Caller.AsApprover(approver, groups)

    val signedIn: SignedIn get() = SignedIn(approver, session)
    val isAdmin: Boolean get() = approver.role == Role.ADMIN
}
