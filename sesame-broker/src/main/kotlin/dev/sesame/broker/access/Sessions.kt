package dev.sesame.broker.access

import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.SessionStore
import dev.sesame.broker.store.SharedRead
import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import java.util.Base64
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

/** Signs approvers in, by links that work once or by other proof, and ends their sessions. What it returns in clear is nowhere kept. */
internal class Sessions(
    private val store: SessionStore,
    private val access: AccessStore,
    private val ids: Ids,
    private val random: (Int) -> ByteArray,
    private val clock: InstantSource,
    private val revocations: Revocations,
) {
    private val open = SharedRead<String, Boolean> { hashes ->
        val found = store.byTokens(hashes)
        val now = clock.instant()
        found.associate { it.tokenHash to (now < it.endsAt) }
    }

    /** A new link for that approver; an earlier one works no more. `null` where the approver isn't there or was revoked. */
    suspend fun link(approverId: String): Pair<SignInLink, Secret>? {
        val secret = Secret.make(LINK, random)
        val now = clock.instant()
        val link = SignInLink(secret.hash, approverId, now + LINK_LIVES)
        return if (store.add(link, now)) link to secret else null
    }

    /** Spends [link] for a session in [browser]; `null` where it is unknown, spent or late, or its approver was revoked. */
    suspend fun signIn(link: Secret, browser: String): Pair<SignedIn, Secret>? {
        val token = Secret.make(TOKEN, random)
        val now = clock.instant()
        val session = store.spend(link.hash, now) { session(it, token, browser, now) }
        val approver = session?.let { active(it.approverId) } ?: return null
        return SignedIn(approver, session) to token
    }

    /** A session in [browser] for an approver who has proved who they are by other means; `null` where they were revoked. */
    suspend fun begin(approver: Approver, browser: String): Pair<SignedIn, Secret>? {
        val token = Secret.make(TOKEN, random)
        val now = clock.instant()
        val session = session(approver.id, token, browser, now)
        return if (store.begin(session, now)) SignedIn(approver, session) to token else null
    }

    private fun session(approverId: String, token: Secret, browser: String, now: Instant) =
        Session(ids.session(), approverId, token.hash, browser.take(LONGEST_BROWSER), now, now)

    /** Who holds [token]; `null` where nobody does any more. */
    suspend fun of(token: Secret): SignedIn? {
        val session = store.byToken(token.hash)?.takeIf { clock.instant() < it.endsAt } ?: return null
        return active(session.approverId)?.let { SignedIn(it, session) }
    }

    /** Whether somebody holds [token] still; many who ask at the same time cost one read. */
    suspend fun isOpen(token: Secret): Boolean = open.of(token.hash) == true

    /** Its person did something: that puts off its end. Written at most once a minute. */
    suspend fun used(session: Session) {
        val now = clock.instant()
        if (Duration.between(session.seenAt, now) >= SEEN_EACH) store.seen(session.id, now)
    }

    /** Those of one approver, or all, that haven't ended; the newest first. */
    suspend fun list(approverId: String? = null): List<Session> = store.list(approverId).filter { clock.instant() < it.endsAt }

    /** Ends it, with whatever it holds open; `false` where there is none, or it is another's than [approverId]'s. */
    suspend fun end(id: String, approverId: String? = null): Boolean =
        store.end(id, approverId, clock.instant()).also { if (it) revocations.revoke(id) }

    /** Ends all of that approver's, and the link that may be on its way; returns how many. */
    suspend fun endAll(approverId: String): Int = store.endAll(approverId, clock.instant()).onEach(revocations::revoke).size

    private suspend fun active(approverId: String): Approver? = access.approver(approverId)?.takeIf { it.revokedAt == null }

    companion object {
        private const val LINK = "sl_"
        private const val TOKEN = "st_"
        private const val LONGEST_BROWSER = 300
        private val LINK_LIVES: Duration = Duration.ofMinutes(15)
        private val SEEN_EACH: Duration = Duration.ofMinutes(1)

        /** What the forms of the session with that token carry, and no other site can know. */
        fun formToken(token: Secret): String {
            val mac = Mac.getInstance("HmacSHA256").apply { init(SecretKeySpec(token.clear.toByteArray(), "HmacSHA256")) }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal("form".toByteArray()))
        }
    }
}
