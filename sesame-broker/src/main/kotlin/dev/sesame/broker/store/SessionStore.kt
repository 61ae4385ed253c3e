package dev.sesame.broker.store

import dev.sesame.broker.access.Session
import dev.sesame.broker.access.SignInLink
import java.time.Instant

/**
 * Where sessions of approvers are kept, and the links that begin them.
 *
 * Every adapter passes `SessionStoreContract`. What it has acknowledged is on disk.
 */
internal interface SessionStore {
    /** Stores [link] in place of an earlier one of the same approver; `false` where the approver isn't there or was revoked. */
    suspend fun add(link: SignInLink, at: Instant): Boolean

    /**
     * Takes the link with that hash away and stores the session that [begin] makes for its approver's id, in one; `null` where there is no such
     * link, it has expired at [now], or its approver was revoked. Sessions beyond the newest [MOST] of the approver go.
     */
    suspend fun spend(linkHash: String, now: Instant, begin: (String) -> Session): Session?

    /** Stores [session]; `false` where its approver isn't there or was revoked. Sessions beyond the newest [MOST] of the approver go. */
    suspend fun begin(session: Session, now: Instant): Boolean

    /** The session with that token hash, also where it has ended by time. */
    suspend fun byToken(hash: String): Session?

    /** Those with one of these token hashes, while the approver is active, also where they have ended by time. */
    suspend fun byTokens(hashes: Set<String>): List<Session>

    /** Its person did something at that time. */
    suspend fun seen(id: String, at: Instant)

    /** Those of [approverId], or all where it is `null`, while the approver is active; the newest first, with those that ended by time. */
    suspend fun list(approverId: String?): List<Session>

    /** Forgets the session, and the devices that were seen in it last; `false` where there is none, or it isn't [approverId]'s, where that is given. */
    suspend fun end(id: String, approverId: String?, at: Instant): Boolean

    /** Forgets all sessions of the approver, a link on its way, and all devices; returns the ids of the sessions. */
    suspend fun endAll(approverId: String, at: Instant): List<String>

    companion object {
        /** More than anybody has browsers. */
        const val MOST = 20
    }
}
