package dev.sesame.broker.approval

import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.DueTimes
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.question
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TestTimeSource

class NextDueTest :
    FunSpec({
        class Counting(private val store: ApprovalStore) : ApprovalStore by store {
            var asked = 0
            var isAway = false
            var meanwhile: suspend () -> Unit = {}

            override suspend fun dueTimes(): DueTimes {
                asked++
                if (isAway) throw StoreUnavailable("away")
                return store.dueTimes().also { meanwhile() }
            }
        }

        val time = TestTimeSource()

        test("between two changes the store is asked once a second, and the clock each time") {
            UseCases().use { cases ->
                val store = Counting(cases.stores.approvals)
                val next = NextDue(store, cases.clock, time)
                cases.stores.opened(question(cases.stores.requester(), expiresInSeconds = 60))
                next.isDue { it.ends } shouldBe false
                cases.clock.moveSeconds(59)
                next.isDue { it.ends } shouldBe false
                cases.clock.moveSeconds(1)
                next.isDue { it.ends } shouldBe true
                cases.clock.moveSeconds(-1)
                next.isDue { it.ends } shouldBe false
                next.isDue { it.escalates } shouldBe false
                next.isDue { it.erases } shouldBe false
                store.asked shouldBe 1
                time += 1.seconds - 1.milliseconds
                next.isDue { it.ends }
                store.asked shouldBe 1
                time += 1.milliseconds
                next.isDue { it.ends }
                store.asked shouldBe 2
            }
        }

        test("what was changed is noticed at the next look") {
            UseCases().use { cases ->
                val next = NextDue(Counting(cases.stores.approvals), cases.clock, time)
                next.isDue { it.ends } shouldBe false
                cases.stores.opened(question(cases.stores.requester(), expiresInSeconds = 10))
                cases.clock.moveSeconds(10)
                next.isDue { it.ends } shouldBe false
                next.changed()
                next.isDue { it.ends } shouldBe true
            }
        }

        test("what changes while the store is asked is not taken for known") {
            UseCases().use { cases ->
                val store = Counting(cases.stores.approvals)
                val next = NextDue(store, cases.clock, time)
                store.meanwhile = {
                    store.meanwhile = {}
                    cases.stores.opened(question(cases.stores.requester(), expiresInSeconds = 10))
                    next.changed()
                }
                cases.clock.moveSeconds(10)
                next.isDue { it.ends } shouldBe false
                next.isDue { it.ends } shouldBe true
            }
        }

        test("a store that is away is asked again at the next look") {
            UseCases().use { cases ->
                val store = Counting(cases.stores.approvals)
                val next = NextDue(store, cases.clock, time)
                store.isAway = true
                repeat(2) { shouldThrow<StoreUnavailable> { next.isDue { it.ends } } }
                store.isAway = false
                next.isDue { it.ends } shouldBe false
                store.asked shouldBe 3
            }
        }
    })
