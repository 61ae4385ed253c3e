package dev.sesame.broker.http

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Caller
import dev.sesame.broker.access.Secret
import dev.sesame.broker.access.Sessions
import dev.sesame.broker.access.Site
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import io.ktor.http.CookieEncoding
import io.ktor.http.HttpHeaders
import io.ktor.server.application.ApplicationCall

/** Finds out who is calling. A revoked credential is as unknown as a made-up one. */
internal class Callers(private val access: AccessStore, private val sessions: Sessions, private val site: () -> Site) {
    suspend fun of(call: ApplicationCall): Caller {
        val header = call.request.headers[HttpHeaders.Authorization] ?: throw unauthorized("send Authorization: Bearer and a key or token")
        val clear = header.drop(SCHEME.length).trim()
        if (!header.startsWith(SCHEME, ignoreCase = true) ||
            clear.length > LONGEST
        ) {
            throw unauthorized("Authorization must be Bearer and one key or token")
        }
        val secret = Secret(clear)
        return when {
            clear.startsWith(Secret.APPROVER_TOKEN) -> approver(secret)
            clear.startsWith(Secret.LIVE_KEY) || clear.startsWith(Secret.TEST_KEY) -> requester(secret)
            else -> throw unauthorized("a key starts with sk_live_ or sk_test_, an approver's token with at_")
        }
    }

    suspend fun requester(call: ApplicationCall): Caller.AsRequester =
        of(call) as? Caller.AsRequester ?: throw Problem(ProblemCode.FORBIDDEN, "this call is for requesters: use an API key")

    suspend fun approver(call: ApplicationCall): Caller.AsApprover =
        of(call) as? Caller.AsApprover ?: throw Problem(ProblemCode.FORBIDDEN, "an API key never decides: use an approver's token")

    /** A person, by token or by the cookie of a page of ours. */
    suspend fun reader(call: ApplicationCall): Reader {
        if (call.request.headers[HttpHeaders.Authorization] != null) return approver(call).let { Reader(it, it.credentialId) { true } }
        val cookie = call.request.cookies[site().cookieName, CookieEncoding.RAW]?.takeIf { it.length <= LONGEST }
        val isOurs = call.request.headers[FETCH_SITE] in setOf(null, "same-origin")
        val token = cookie?.takeIf { isOurs }?.let(::Secret) ?: throw unauthorized("sign in, or send Authorization: Bearer and a token")
        val signedIn = sessions.of(token) ?: throw unauthorized("this session has ended: sign in again")
        return Reader(asApprover(signedIn.approver), signedIn.session.id) { sessions.isOpen(token) }
    }

    suspend fun admin(call: ApplicationCall): Caller.AsApprover =
        approver(call).takeIf { it.isAdmin } ?: throw Problem(ProblemCode.FORBIDDEN, "this call is for admins")

    private suspend fun requester(secret: Secret): Caller {
        val key = access.keyByHash(secret.hash)?.takeIf { it.revokedAt == null }
        val requester =
            key?.let { access.requester(it.requesterId) } ?: throw unauthorized("this API key is not known here, or was revoked")
        return Caller.AsRequester(requester, key)
    }

    private suspend fun approver(secret: Secret): Caller {
        val approver = access.approverByHash(secret.hash)?.takeIf { it.revokedAt == null }
        return asApprover(approver ?: throw unauthorized("this approver token is not known here, or was revoked"))
    }

    private suspend fun asApprover(approver: Approver) = Caller.AsApprover(approver, access.groupsOf(approver.id))

    private fun unauthorized(why: String) = Problem(ProblemCode.UNAUTHORIZED, why)

    private companion object {
        const val SCHEME = "Bearer "
        const val LONGEST = 200

        /** What browsers say of the page that asks (W3C, Fetch Metadata). */
        const val FETCH_SITE = "Sec-Fetch-Site"
    }
}

/** A person who reads along. [credentialId] is what ends it at once; [isWelcome] asks whether time has ended it. */
internal class Reader(val caller: Caller.AsApprover, val credentialId: String, val isWelcome: suspend () -> Boolean)
