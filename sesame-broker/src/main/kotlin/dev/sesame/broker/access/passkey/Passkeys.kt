package dev.sesame.broker.access.passkey

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.SignedIn
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.PasskeyStore
import java.time.Duration
import java.time.InstantSource

/** What a browser is asked, as JSON, and the ticket that it sends back with its answer. */
internal class Asked(val options: String, val ticket: String)

/** Adds passkeys, signs in by them, and asks for one where an approval weighs much. Whatever is wrong with an answer, it is a plain no. */
internal class Passkeys(
    private val store: PasskeyStore,
    private val access: AccessStore,
    private val challenges: Challenges,
    private val ids: Ids,
    private val clock: InstantSource,
) {
    /** Those of the approver, oldest first. */
    suspend fun list(approverId: String): List<Passkey> = store.list(approverId)

    /** Whether the approver has one that works at [place]. */
    suspend fun has(approverId: String, place: PasskeyPlace): Boolean = usable(approverId, place).isNotEmpty()

    /** Whether its person proved only just who they are: a session that was stolen later changes no passkeys. */
    fun mayChange(who: SignedIn): Boolean = clock.instant() < who.session.createdAt + JUST_NOW

    suspend fun askToAdd(place: PasskeyPlace, who: SignedIn): Asked {
        val challenge = challenges.make(Purpose.ADD, who.session.id)
        return Asked(WebAuthn(place).creation(challenge.bytes, who.approver, usable(who.approver.id, place)), challenge.ticket)
    }

    /** Keeps the passkey that [answer] brings, on disk when this returns; `null` where it isn't one as [askToAdd] asked for. */
    suspend fun add(place: PasskeyPlace, who: SignedIn, answer: String, ticket: String, name: String): Passkey? {
        val read = CreationAnswer.read(answer) ?: return null
        if (!mayChange(who) || !challenges.spend(read.challenge, ticket, Purpose.ADD, who.session.id)) return null
        val key = WebAuthn(place).added(read, who.approver, usable(who.approver.id, place)) ?: return null
        val passkey = Passkey(
            ids.passkey(),
            who.approver.id,
            key.credentialId,
            key.publicKey,
            place.rpId,
            name,
            key.signatureCount,
            key.transports,
            key.isBackupEligible,
            key.isBackedUp,
            clock.instant(),
        )
        return passkey.takeIf { store.add(it) }
    }

    /** For anybody: it doesn't say whose passkeys there are. */
    suspend fun askToSignIn(place: PasskeyPlace): Asked {
        val challenge = challenges.make(Purpose.SIGN_IN, place.rpId)
        return Asked(WebAuthn(place).request(challenge.bytes, emptyList()), challenge.ticket)
    }

    /** Whose passkey signed; `null` where none did that works here. */
    suspend fun signIn(place: PasskeyPlace, answer: String, ticket: String): Approver? {
        val passkey = used(place, answer, ticket, Purpose.SIGN_IN, place.rpId) { true } ?: return null
        return access.approver(passkey.approverId)?.takeIf { it.revokedAt == null }
    }

    /** [what] is what the approver is about to do: their passkey signs for that and nothing else. */
    suspend fun askToConfirm(place: PasskeyPlace, who: SignedIn, what: String): Asked {
        val challenge = challenges.make(Purpose.APPROVE, bound(who, what))
        return Asked(WebAuthn(place).request(challenge.bytes, usable(who.approver.id, place)), challenge.ticket)
    }

    /** Whether a passkey of theirs signed for [what], just now and for the first time. */
    suspend fun confirms(place: PasskeyPlace, who: SignedIn, what: String, answer: String, ticket: String): Boolean =
        used(place, answer, ticket, Purpose.APPROVE, bound(who, what)) { it.approverId == who.approver.id } != null

    suspend fun rename(id: String, approverId: String, name: String): Boolean = store.rename(id, approverId, name, clock.instant())

    /** `false` where there is none, or the session isn't new enough. */
    suspend fun remove(id: String, who: SignedIn): Boolean = mayChange(who) && store.remove(id, who.approver.id, clock.instant())

    /** Forgets all of the approver's, as when a phone is lost; returns how many. */
    suspend fun removeAll(approverId: String): Int = store.removeAll(approverId, clock.instant())

    private suspend fun usable(approverId: String, place: PasskeyPlace) = store.list(approverId).filter { it.rpId == place.rpId }

    private suspend fun used(
        place: PasskeyPlace,
        answer: String,
        ticket: String,
        purpose: Purpose,
        boundTo: String,
        mayBe: (Passkey) -> Boolean,
    ): Passkey? {
        val read = RequestAnswer.read(answer) ?: return null
        if (!challenges.spend(read.challenge, ticket, purpose, boundTo)) return null
        if (purpose == Purpose.SIGN_IN && !read.namesItsPerson) return null
        val passkey = store.byCredential(read.credentialId)?.takeIf { it.rpId == place.rpId && mayBe(it) } ?: return null
        return when (val proof = WebAuthn(place).proof(read, passkey)) {
            is Proof.Fails -> null
            is Proof.WentBack -> null.also { suspect(passkey) }
            is Proof.Holds -> passkey.takeIf { store.use(it.id, proof.signatureCount, proof.isBackedUp, clock.instant()) }
        }
    }

    private suspend fun suspect(passkey: Passkey) {
        log.warn("The counter of passkey {} of approver {} went back: a copy of it may be in use", passkey.id, passkey.approverId)
        store.suspect(passkey.id, clock.instant())
    }

    private fun bound(who: SignedIn, what: String) = "${who.session.id}\n$what"

    private companion object {
        val JUST_NOW: Duration = Duration.ofMinutes(15)
    }
}
