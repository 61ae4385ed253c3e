package dev.sesame.broker.approval

import dev.sesame.ApprovalStatus
import dev.sesame.TestDecision
import dev.sesame.broker.store.asTest
import dev.sesame.broker.store.ids
import dev.sesame.broker.store.question
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTimedValue

class AwaitDecisionTest :
    FunSpec({
        val cases = autoClose(UseCases())
        val stores = cases.stores
        val never = CompletableDeferred<Unit>()

        suspend fun await(id: String, seconds: Int = 50, abort: CompletableDeferred<Unit> = never) =
            cases.await.await(id, seconds.seconds, abort, anybody)

        test("no wait misses a decision, at whatever point of it the decision falls (2,000 trials)") {
            val requester = stores.requester()
            val approver = stores.approver()
            val seed = System.nanoTime()
            val random = Random(seed)
            val slow = mutableListOf<String>()
            repeat(100) {
                val asked = stores.openedTogether(20, requester).map { it.id }
                coroutineScope {
                    val waits = asked.map { id -> async(Dispatchers.Default) { measureTimedValue { await(id, seconds = 20) } } }
                    asked.shuffled(random).map { id ->
                        launch(Dispatchers.Default) {
                            repeat(random.nextInt(8)) { yield() }
                            cases.vote(id, approver)
                        }
                    }
                    waits.awaitAll().zip(asked).forEach { (wait, id) ->
                        if (wait.value?.status != ApprovalStatus.APPROVED ||
                            wait.duration > 10.seconds
                        ) {
                            slow += "$id ${wait.duration} seed $seed"
                        }
                    }
                }
            }
            slow.shouldBeEmpty()
            cases.wakeUp.listenerCount shouldBe 0
        }

        test("all who wait for one approval are woken by its decision") {
            val id = stores.opened(question(stores.requester(), expiresInSeconds = 86_400)).id
            coroutineScope {
                val waits = List(100) { async(start = CoroutineStart.UNDISPATCHED) { await(id) } }
                cases.vote(id, stores.approver())
                waits.awaitAll().forEach { it?.status shouldBe ApprovalStatus.APPROVED }
            }
            cases.wakeUp.listenerCount shouldBe 0
        }

        test("a wake-up without a decision is not taken for one") {
            val id = stores.opened(question(stores.requester(), expiresInSeconds = 86_400)).id
            coroutineScope {
                val wait = async(start = CoroutineStart.UNDISPATCHED) { await(id, seconds = 1) }
                repeat(50) {
                    cases.wakeUp.wake(id)
                    yield()
                }
                wait.await()?.status shouldBe ApprovalStatus.PENDING
            }
        }

        test("the expiry ends a wait though nobody wakes it") {
            val asked = stores.opened(question(stores.requester(), expiresInSeconds = 50_000))
            cases.moveTo(asked.question.expiresAt.minusMillis(200))
            coroutineScope {
                val (wait, took) = measureTimedValue {
                    val wait = async(start = CoroutineStart.UNDISPATCHED) { await(asked.id) }
                    cases.moveTo(asked.question.expiresAt)
                    wait.await()
                }
                wait?.status shouldBe ApprovalStatus.EXPIRED
                took shouldBeLessThan 5.seconds
            }
        }

        test("the answer of a test ends a wait at its moment though nobody wakes it") {
            UseCases().use { own ->
                val answer = TestDecision.approve(1_000.seconds)
                val asked = own.stores.opened(question(own.stores.requester(), expiresInSeconds = 50_000).asTest(answer))
                val due = asked.question.createdAt.plusSeconds(1_000)
                own.moveTo(due.minusMillis(200))
                coroutineScope {
                    val (wait, took) = measureTimedValue {
                        val wait = async(start = CoroutineStart.UNDISPATCHED) { own.await.await(asked.id, 50.seconds, never, anybody) }
                        own.moveTo(due)
                        wait.await()
                    }
                    wait?.status shouldBe ApprovalStatus.APPROVED
                    took shouldBeLessThan 5.seconds
                }
            }
        }

        test("a wait of no time reads once; an unknown id is null; nobody listens afterwards") {
            val id = stores.opened(question(stores.requester(), expiresInSeconds = 86_400)).id
            val (found, took) = measureTimedValue { await(id, seconds = 0) }
            found?.status shouldBe ApprovalStatus.PENDING
            took shouldBeLessThan 5.seconds
            await(ids.approval()).shouldBeNull()
            cases.await.await(id, 1.minutes, never) { false }.shouldBeNull()
            cases.wakeUp.listenerCount shouldBe 0
        }

        test("the caller's own abort ends the wait with what stands") {
            val id = stores.opened(question(stores.requester(), expiresInSeconds = 86_400)).id
            val abort = CompletableDeferred<Unit>()
            coroutineScope {
                val wait = async(start = CoroutineStart.UNDISPATCHED) { await(id, abort = abort) }
                abort.complete(Unit)
                wait.await()?.status shouldBe ApprovalStatus.PENDING
            }
            await(id, abort = abort)?.status shouldBe ApprovalStatus.PENDING
        }

        test("a wait that is cancelled frees its place") {
            val id = stores.opened(question(stores.requester(), expiresInSeconds = 86_400)).id
            coroutineScope {
                val wait = launch(start = CoroutineStart.UNDISPATCHED) { await(id) }
                cases.wakeUp.listenerCount shouldBe 1
                wait.cancelAndJoin()
            }
            cases.wakeUp.listenerCount shouldBe 0
        }

        test("a stop ends the waits with what stands, and later ones at once") {
            UseCases().use { stopping ->
                val id = stopping.stores.opened(question(stopping.stores.requester())).id
                coroutineScope {
                    val wait = async(start = CoroutineStart.UNDISPATCHED) { stopping.await.await(id, 50.seconds, never, anybody) }
                    stopping.closing.end(1)
                    wait.await()?.status shouldBe ApprovalStatus.PENDING
                }
                val (found, took) = measureTimedValue { stopping.await.await(id, 50.seconds, never, anybody) }
                found?.status shouldBe ApprovalStatus.PENDING
                took shouldBeLessThan 5_000.milliseconds
            }
        }
    })
