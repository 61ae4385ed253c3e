package dev.sesame.broker.store

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.passkey.Passkey
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

/** What every adapter of [PasskeyStore] promises. */
internal abstract class PasskeyStoreContract(private val fresh: () -> Stores) : FunSpec() {
    private fun passkey(approver: Approver, createdAfterSeconds: Long = 0) = Passkey(
        id = ids.passkey(),
        approverId = approver.id,
        credentialId = "credential ${ids.request()}",
        publicKey = "key",
        rpId = "a.example",
        name = "A phone",
        signatureCount = 0,
        transports = setOf("internal", "hybrid"),
        isBackupEligible = true,
        isBackedUp = false,
        createdAt = start.plusSeconds(createdAfterSeconds),
    )

    private suspend fun Stores.added(approver: Approver, createdAfterSeconds: Long = 0): Passkey =
        passkey(approver, createdAfterSeconds).also { passkeys.add(it) shouldBe true }

    init {
        val stores = autoClose(fresh())
        val passkeys = stores.passkeys

        test("one is found by what its device calls it, as it was stored, also after a restart") {
            val added = stores.added(stores.approver())
            passkeys.byCredential(added.credentialId) shouldBe added
            passkeys.byCredential(added.id).shouldBeNull()
            stores.reopen()
            passkeys.byCredential(added.credentialId) shouldBe added
        }

        test("lists are oldest first, of one approver or of all") {
            fresh().use { own ->
                val (ada, kim) = List(2) { own.approver() }
                val added = listOf(ada to 3L, kim to 2L, ada to 1L).map { (who, at) -> own.added(who, at) }
                own.passkeys.list(ada.id) shouldContainExactly listOf(added[2], added[0])
                own.passkeys.list(null) shouldContainExactly added.reversed()
            }
        }

        test("one device's key is added once, for whomever") {
            val added = stores.added(stores.approver())
            passkeys.add(passkey(stores.approver()).copy(credentialId = added.credentialId)) shouldBe false
        }

        test("an approver has so many and no more, however many are added at once") {
            val approver = stores.approver()
            val done = coroutineScope {
                List(Passkey.MOST + 3) { async(Dispatchers.IO) { passkeys.add(passkey(approver)) } }.awaitAll()
            }
            done.count { it } shouldBe Passkey.MOST
            passkeys.list(approver.id).size shouldBe Passkey.MOST
        }

        test("whoever was revoked has none and gets none, and neither does somebody who isn't there") {
            val approver = stores.approver()
            val added = stores.added(approver)
            stores.access.revokeApprover(approver.id, start) shouldBe true
            passkeys.byCredential(added.credentialId).shouldBeNull()
            passkeys.add(passkey(approver)) shouldBe false
            passkeys.add(passkey(approver).copy(approverId = ids.approver())) shouldBe false
        }

        test("a use is kept where the counter goes on, or was never moved; else nothing is") {
            val added = stores.added(stores.approver())
            suspend fun use(count: Long) = passkeys.use(added.id, count, isBackedUp = true, at = start.plusSeconds(count + 1))
            suspend fun now() = passkeys.byCredential(added.credentialId)
            use(0) shouldBe true
            now() shouldBe added.copy(isBackedUp = true, usedAt = start.plusSeconds(1))
            use(0) shouldBe true
            use(5) shouldBe true
            listOf(5L, 4L, 0L).forEach { use(it) shouldBe false }
            now() shouldBe added.copy(signatureCount = 5, isBackedUp = true, usedAt = start.plusSeconds(6))
            passkeys.use(ids.passkey(), 9, isBackedUp = false, at = start) shouldBe false
        }

        test("of many uses with one count, one is kept") {
            val added = stores.added(stores.approver())
            val kept = coroutineScope { List(8) { async(Dispatchers.IO) { passkeys.use(added.id, 1, false, start) } }.awaitAll() }
            kept.count { it } shouldBe 1
        }

        test("that it is suspect is kept") {
            val added = stores.added(stores.approver())
            passkeys.suspect(added.id, start.plusSeconds(9))
            passkeys.byCredential(added.credentialId) shouldBe added.copy(suspectAt = start.plusSeconds(9))
        }

        test("its approver renames and removes it, and nobody else") {
            val (ada, kim) = List(2) { stores.approver() }
            val added = stores.added(ada)
            passkeys.rename(added.id, kim.id, "Mine", start) shouldBe false
            passkeys.rename(added.id, ada.id, "My phone", start) shouldBe true
            passkeys.list(ada.id).single().name shouldBe "My phone"
            passkeys.remove(added.id, kim.id, start) shouldBe false
            passkeys.remove(added.id, ada.id, start) shouldBe true
            passkeys.remove(added.id, ada.id, start) shouldBe false
        }

        test("all of an approver's go together, and nobody else's") {
            val (ada, kim) = List(2) { stores.approver() }
            repeat(3) { stores.added(ada) }
            val other = stores.added(kim)
            passkeys.removeAll(ada.id, start) shouldBe 3
            passkeys.removeAll(ada.id, start) shouldBe 0
            passkeys.list(ada.id).shouldBeEmpty()
            passkeys.list(kim.id) shouldContainExactly listOf(other)
        }

        test("a challenge is answered once, whoever tries at the same time, also after a restart") {
            val hash = ids.request()
            val answered = coroutineScope {
                List(8) { async(Dispatchers.IO) { passkeys.spend(hash, start.plusSeconds(60), start) } }.awaitAll()
            }
            answered.count { it } shouldBe 1
            stores.reopen()
            passkeys.spend(hash, start.plusSeconds(60), start.plusSeconds(59)) shouldBe false
        }

        test("answered challenges are forgotten when they would be too old anyway") {
            val hash = ids.request()
            passkeys.spend(hash, start.plusSeconds(60), start) shouldBe true
            passkeys.spend(hash, start.plusSeconds(120), start.plusSeconds(60)) shouldBe true
        }
    }
}
