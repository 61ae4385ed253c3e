package dev.sesame.broker.store

import dev.sesame.Mode
import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Secret
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.yield
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TestTimeSource

/** Whoever was revoked is never served from memory; nor is a stranger. */
internal class CachingAccessStoreTest : FunSpec() {
    private class Counting(private val store: AccessStore) : AccessStore by store {
        var reads = 0
        var gate: CompletableDeferred<Unit>? = null

        override suspend fun approverByHash(hash: String): Approver? {
            reads++
            return store.approverByHash(hash).also { gate?.await() }
        }
    }

    private suspend fun Stores.key(): ApiKey {
        val secret = Secret.make(Secret.LIVE_KEY, random)
        return ApiKey(ids.key(), requester().id, Mode.LIVE, secret.hash, secret.lastFour, start).also { access.add(it) }
    }

    init {
        val stores = autoClose(sqliteStores(temporaryDirectory()))
        val time = TestTimeSource()
        val counting = Counting(stores.access)
        val cached = CachingAccessStore(counting, time)

        test("within a second the same caller is read once, after it anew") {
            val approver = stores.approver()
            repeat(3) { cached.approverByHash(approver.tokenHash) shouldBe approver }
            counting.reads shouldBe 1
            time += 1.seconds + 1.milliseconds
            cached.approverByHash(approver.tokenHash) shouldBe approver
            counting.reads shouldBe 2
        }

        test("who is revoked here is seen revoked at once") {
            val approver = stores.approver()
            val key = stores.key()
            cached.approverByHash(approver.tokenHash)?.revokedAt.shouldBeNull()
            cached.keyByHash(key.hash)?.revokedAt.shouldBeNull()
            cached.revokeApprover(approver.id, start)
            cached.revokeKey(key.id, start)
            cached.approverByHash(approver.tokenHash)?.revokedAt.shouldNotBeNull()
            cached.keyByHash(key.hash)?.revokedAt.shouldNotBeNull()
        }

        test("so is a requester, with all its keys") {
            val key = stores.key()
            cached.keyByHash(key.hash)?.revokedAt.shouldBeNull()
            cached.revokeRequester(key.requesterId, start)
            cached.keyByHash(key.hash)?.revokedAt.shouldNotBeNull()
        }

        test("a reading that a revocation overtook is not remembered") {
            val approver = stores.approver()
            val gate = CompletableDeferred<Unit>()
            counting.gate = gate
            coroutineScope {
                val reading = async { cached.approverByHash(approver.tokenHash) }
                while (counting.reads == 0) yield()
                cached.revokeApprover(approver.id, start)
                gate.complete(Unit)
                reading.await()
            }
            counting.gate = null
            cached.approverByHash(approver.tokenHash)?.revokedAt.shouldNotBeNull()
        }

        test("a stranger is looked for each time, and found once known") {
            val secret = Secret.make(Secret.LIVE_KEY, random)
            cached.keyByHash(secret.hash).shouldBeNull()
            val key = ApiKey(ids.key(), stores.requester().id, Mode.LIVE, secret.hash, secret.lastFour, start)
            stores.access.add(key)
            cached.keyByHash(secret.hash) shouldBe key
        }

        beforeTest { counting.reads = 0 }
    }
}
