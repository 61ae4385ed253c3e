package dev.sesame.broker.store

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Session
import dev.sesame.broker.access.SignInLink
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.time.Duration

/** What every adapter of [SessionStore] promises. */
internal abstract class SessionStoreContract(private val fresh: () -> Stores) : FunSpec() {
    private fun link(approver: Approver, seconds: Long = 900) =
        SignInLink("hash of ${ids.request()}", approver.id, start.plusSeconds(seconds))

    private fun session(approverId: String, createdAfterSeconds: Long = 0): Session {
        val at = start.plusSeconds(createdAfterSeconds)
        return Session(ids.session(), approverId, "hash of ${ids.request()}", "a browser", at, at)
    }

    private suspend fun Stores.signedIn(approver: Approver, createdAfterSeconds: Long = 0): Session {
        val link = link(approver, createdAfterSeconds + 900).also { sessions.add(it, start) shouldBe true }
        return sessions.spend(link.hash, start.plusSeconds(createdAfterSeconds)) { session(it, createdAfterSeconds) }.shouldNotBeNull()
    }

    init {
        val stores = autoClose(fresh())
        val sessions = stores.sessions

        test("a link begins one session of its approver, which is found by its token's hash alone") {
            val approver = stores.approver()
            val link = link(approver).also { sessions.add(it, start) shouldBe true }
            val begun = sessions.spend(link.hash, start) { session(it) }.shouldNotBeNull()
            begun.approverId shouldBe approver.id
            sessions.byToken(begun.tokenHash) shouldBe begun
            sessions.byToken(begun.id).shouldBeNull()
            sessions.spend(link.hash, start) { session(it) }.shouldBeNull()
        }

        test("of many who spend one link at once, one gets a session") {
            repeat(10) {
                val approver = stores.approver()
                val link = link(approver).also { sessions.add(it, start) }
                val begun = coroutineScope {
                    List(8) { async(Dispatchers.IO) { sessions.spend(link.hash, start) { id -> session(id) } } }.awaitAll()
                }
                begun.count { it != null } shouldBe 1
                sessions.list(approver.id).size shouldBe 1
            }
        }

        test("a link that is unknown, late, replaced, or of an approver who was revoked begins nothing") {
            val approver = stores.approver()
            sessions.spend("unknown", start) { session(it) }.shouldBeNull()
            val late = link(approver, seconds = 1).also { sessions.add(it, start) }
            sessions.spend(late.hash, start.plusSeconds(1)) { session(it) }.shouldBeNull()
            val replaced = link(approver).also { sessions.add(it, start) }
            val newer = link(approver).also { sessions.add(it, start) shouldBe true }
            sessions.spend(replaced.hash, start) { session(it) }.shouldBeNull()
            stores.access.revokeApprover(approver.id, start)
            sessions.spend(newer.hash, start) { session(it) }.shouldBeNull()
            sessions.add(link(approver), start) shouldBe false
            sessions.add(SignInLink("hash", ids.approver(), start), start) shouldBe false
        }

        test("a session begins without a link, too, unless its approver isn't there or was revoked") {
            val approver = stores.approver()
            val begun = session(approver.id)
            sessions.begin(begun, start) shouldBe true
            sessions.byToken(begun.tokenHash) shouldBe begun
            repeat(SessionStore.MOST) { sessions.begin(session(approver.id, 1), start) shouldBe true }
            sessions.byToken(begun.tokenHash).shouldBeNull()
            sessions.begin(session(ids.approver()), start) shouldBe false
            stores.access.revokeApprover(approver.id, start)
            val late = session(approver.id)
            sessions.begin(late, start) shouldBe false
            sessions.byToken(late.tokenHash).shouldBeNull()
        }

        test("what its person does last is kept, and never goes back") {
            val begun = stores.signedIn(stores.approver())
            sessions.seen(begun.id, start.plusSeconds(60))
            sessions.seen(begun.id, start.plusSeconds(30))
            sessions.byToken(begun.tokenHash) shouldBe begun.copy(seenAt = start.plusSeconds(60))
        }

        test("lists are newest first, of one approver or of all; those of a revoked approver aren't in them") {
            fresh().use { own ->
                val (ada, kim) = List(2) { own.approver() }
                val begun = listOf(ada to 1L, kim to 2L, ada to 3L).map { (who, at) -> own.signedIn(who, at) }
                own.sessions.list(ada.id) shouldContainExactly listOf(begun[2], begun[0])
                own.sessions.list(null) shouldContainExactly begun.reversed()
                own.access.revokeApprover(kim.id, start)
                own.sessions.list(null) shouldContainExactly listOf(begun[2], begun[0])
            }
        }

        test("many are found by their tokens' hashes, while their approver is active") {
            val (ada, kim) = List(2) { stores.approver() }
            val begun = List(3) { stores.signedIn(ada) } + stores.signedIn(kim)
            val hashes = begun.map { it.tokenHash }.toSet()
            sessions.byTokens(hashes + List(1_000) { "unknown $it" }) shouldContainExactlyInAnyOrder begun
            sessions.byTokens(setOf(begun[1].tokenHash)) shouldContainExactly listOf(begun[1])
            sessions.byTokens(emptySet()).shouldBeEmpty()
            sessions.end(begun[0].id, null, start) shouldBe true
            stores.access.revokeApprover(kim.id, start)
            sessions.byTokens(hashes) shouldContainExactlyInAnyOrder begun.subList(1, 3)
        }

        test("one is ended by its id, for its approver alone where that is asked") {
            val (ada, kim) = List(2) { stores.approver() }
            val begun = stores.signedIn(ada)
            sessions.end(begun.id, kim.id, start) shouldBe false
            sessions.end(begun.id, ada.id, start) shouldBe true
            sessions.end(begun.id, null, start) shouldBe false
            sessions.byToken(begun.tokenHash).shouldBeNull()
        }

        test("ending all of an approver's ends a link on its way, and nobody else's") {
            val (ada, kim) = List(2) { stores.approver() }
            val mine = List(2) { stores.signedIn(ada) }
            val other = stores.signedIn(kim)
            val link = link(ada).also { sessions.add(it, start) }
            sessions.endAll(ada.id, start) shouldContainExactlyInAnyOrder mine.map { it.id }
            sessions.list(ada.id).shouldBeEmpty()
            sessions.spend(link.hash, start) { session(it) }.shouldBeNull()
            sessions.byToken(other.tokenHash) shouldBe other
        }

        test("an approver's oldest sessions go beyond the limit, and whatever time has ended goes with the next sign-in") {
            val approver = stores.approver()
            val begun = List(SessionStore.MOST + 2) { stores.signedIn(approver, it.toLong()) }
            sessions.list(approver.id) shouldContainExactly begun.drop(2).reversed()
            val later = Duration.ofHours(13).toSeconds()
            val newest = stores.signedIn(stores.approver(), later)
            sessions.list(approver.id).shouldBeEmpty()
            sessions.byToken(newest.tokenHash) shouldBe newest
        }

        test("sessions outlive a restart") {
            val begun = stores.signedIn(stores.approver())
            stores.reopen()
            sessions.byToken(begun.tokenHash) shouldBe begun
        }
    }
}
