package dev.sesame.broker.approval

import dev.sesame.Mode
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.after
import dev.sesame.broker.store.question
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.store.start
import dev.sesame.broker.temporaryDirectory
import dev.sesame.rules.Command
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TestTimeSource

/** The limit holds, and what is pending isn't counted for every question. */
internal class PendingLimitTest : FunSpec() {
    private class Counting(private val store: ApprovalStore) : ApprovalStore by store {
        var counts = 0

        override suspend fun countPending(requesterId: String, mode: Mode, atMost: Int): Int =
            store.countPending(requesterId, mode, atMost).also { counts++ }
    }

    init {
        val stores = autoClose(sqliteStores(temporaryDirectory()))
        val time = TestTimeSource()

        test("within a second many questions take one count, after it another") {
            val requester = stores.requester()
            val store = Counting(stores.approvals)
            val limit = PendingLimit(store, most = 100, time)
            repeat(50) { limit.take(requester.id, Mode.LIVE) }
            store.counts shouldBe 1
            time += 1.seconds + 1.milliseconds
            limit.take(requester.id, Mode.LIVE)
            store.counts shouldBe 2
        }

        test("the limit is of each requester and mode, and holds within the second too") {
            val requester = stores.requester()
            val limit = PendingLimit(stores.approvals, most = 2, time)
            repeat(2) {
                limit.take(requester.id, Mode.LIVE)
                stores.opened(question(requester))
            }
            shouldThrow<TooManyPending> { limit.take(requester.id, Mode.LIVE) }.limit shouldBe 2
            limit.take(requester.id, Mode.TEST)
            limit.take(stores.requester().id, Mode.LIVE)
        }

        test("who was refused may ask as soon as something has ended") {
            val requester = stores.requester()
            val limit = PendingLimit(stores.approvals, most = 1, time)
            limit.take(requester.id, Mode.LIVE)
            val asked = stores.opened(question(requester))
            shouldThrow<TooManyPending> { limit.take(requester.id, Mode.LIVE) }
            stores.approvals.commit(asked.version, asked.after(Command.Cancel), start) shouldBe true
            limit.take(requester.id, Mode.LIVE)
        }
    }
}
