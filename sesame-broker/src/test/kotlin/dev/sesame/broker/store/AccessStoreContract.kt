package dev.sesame.broker.store

import dev.sesame.Mode
import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Requester
import dev.sesame.broker.access.Role
import dev.sesame.broker.access.Secret
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

/** What every adapter of [AccessStore] promises. */
internal abstract class AccessStoreContract(private val fresh: () -> Stores) : FunSpec() {
    private fun key(requester: Requester, createdAfterSeconds: Long = 0): ApiKey {
        val secret = Secret.make(Secret.LIVE_KEY, random)
        return ApiKey(ids.key(), requester.id, Mode.LIVE, secret.hash, secret.lastFour, start.plusSeconds(createdAfterSeconds))
    }

    init {
        val stores = autoClose(fresh())
        val access = stores.access

        test("a requester is found by name and by id, with the person behind it; a taken name is refused") {
            val owner = stores.approver()
            val requester = stores.requester(owner.id)
            access.requesterNamed(requester.name) shouldBe requester
            access.requester(requester.id) shouldBe requester
            access.add(requester.copy(id = ids.requester())) shouldBe false
            access.requesterNamed("nobody").shouldBeNull()
            access.requester(ids.requester()).shouldBeNull()
        }

        test("a key is found by its hash alone; the very same key is refused") {
            val key = key(stores.requester())
            access.add(key) shouldBe true
            access.keyByHash(key.hash) shouldBe key
            access.keyByHash(key.lastFour).shouldBeNull()
            access.add(key.copy(id = ids.key())) shouldBe false
        }

        test("an approver is found by the token's hash; a taken name or token is refused") {
            val approver = stores.approver()
            access.approverByHash(approver.tokenHash) shouldBe approver
            access.isActive(approver.id) shouldBe true
            access.isActive(ids.approver()) shouldBe false
            access.add(approver.copy(id = ids.approver(), tokenHash = "another")) shouldBe false
            access.add(approver.copy(id = ids.approver(), name = "another")) shouldBe false
        }

        test("a revoked key keeps the time of its first revocation, and an unknown one is refused") {
            val key = key(stores.requester()).also { access.add(it) shouldBe true }
            access.revokeKey(key.id, start.plusSeconds(1)) shouldBe true
            access.revokeKey(key.id, start.plusSeconds(2)) shouldBe true
            access.keyByHash(key.hash) shouldBe key.copy(revokedAt = start.plusSeconds(1))
            access.revokeKey(ids.key(), start) shouldBe false
        }

        test("revoking a requester ends all its keys and nobody else's; those that were revoked before keep their time") {
            val requester = stores.requester()
            val keys = List(3) { key(requester).also { access.add(it) } }
            val foreign = key(stores.requester()).also { access.add(it) }
            access.revokeKey(keys[0].id, start.plusSeconds(1))
            repeat(2) { again ->
                access.revokeRequester(requester.id, start.plusSeconds(2L + again))!! shouldContainExactlyInAnyOrder keys.map { it.id }
            }
            keys.map { access.keyByHash(it.hash)?.revokedAt } shouldContainExactly listOf(1L, 2L, 2L).map(start::plusSeconds)
            access.keyByHash(foreign.hash) shouldBe foreign
            access.revokeRequester(stores.requester().id, start) shouldBe emptyList()
            access.revokeRequester(ids.requester(), start) shouldBe null
        }

        test("a revoked approver is not active, and keeps the time of the first revocation") {
            val approver = stores.approver()
            access.revokeApprover(approver.id, start.plusSeconds(1)) shouldBe true
            access.revokeApprover(approver.id, start.plusSeconds(2)) shouldBe true
            access.isActive(approver.id) shouldBe false
            access.approverByHash(approver.tokenHash) shouldBe approver.copy(revokedAt = start.plusSeconds(1))
            access.revokeApprover(ids.approver(), start) shouldBe false
        }

        test("the last admin can't be revoked, not even by two admins who revoke one another at once") {
            repeat(10) {
                fresh().use { own ->
                    val admins = List(2) { own.approver(Role.ADMIN) }
                    own.approver()
                    val revoked = coroutineScope {
                        admins.map { async(Dispatchers.IO) { own.access.revokeApprover(it.id, start) } }.awaitAll()
                    }
                    revoked shouldContainExactlyInAnyOrder listOf(true, false)
                    own.access.revokeApprover(admins[revoked.indexOf(false)].id, start) shouldBe false
                    own.access.isActive(admins[revoked.indexOf(false)].id) shouldBe true
                }
            }
        }

        test("lists are oldest first and hold the revoked ones too") {
            fresh().use { own ->
                val requester = own.requester()
                val keys = listOf(3L, 1L, 2L).map { key(requester, it).also { key -> own.access.add(key) } }
                own.access.revokeKey(keys[2].id, start)
                own.access.keys().map { it.id } shouldContainExactly listOf(keys[1].id, keys[2].id, keys[0].id)
                own.access.requesters() shouldContainExactly listOf(requester)
                val approver = own.approver()
                own.access.revokeApprover(approver.id, start)
                own.access.approvers() shouldContainExactly listOf(approver.copy(revokedAt = start))
            }
        }

        test("a secret of the broker's own is made once, whoever asks first, and stays over a restart") {
            val made = coroutineScope { List(8) { async(Dispatchers.IO) { access.ownSecret("test") { random(32) }.toList() } }.awaitAll() }
            made.toSet().size shouldBe 1
            access.ownSecret("another") { random(32) }.toList() shouldNotBe made[0]
            stores.reopen()
            access.ownSecret("test") { random(32) }.toList() shouldBe made[0]
        }

        test("a secret of the broker's own is replaced, or put where there was none") {
            listOf("new", "test").forEach { name ->
                val value = random(32)
                access.replaceOwnSecret(name, value)
                stores.reopen()
                access.ownSecret(name) { random(32) }.toList() shouldBe value.toList()
            }
        }

        test("who may call is the same after the database was closed and opened again") {
            val requester = stores.requester()
            val key = key(requester).also { access.add(it) }
            val approver = stores.approver()
            access.revokeApprover(approver.id, start)
            stores.reopen()
            access.requester(requester.id) shouldBe requester
            access.keyByHash(key.hash) shouldBe key
            access.approverByHash(approver.tokenHash) shouldBe approver.copy(revokedAt = start)
        }
    }
}
