package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalNotFoundException
import dev.sesame.ApprovalStatus
import dev.sesame.SesameAuthException
import dev.sesame.SesameClosedException
import dev.sesame.SesameListener
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.test.testTimeSource
import java.time.Instant
import kotlin.random.Random
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

@OptIn(ExperimentalCoroutinesApi::class)
class DecisionFeedTest :
    FunSpec({
        test("the first wait opens the stream, all share it, the last one closes it") {
            runTest {
                val broker = StreamingBroker().apply { streams += quiet }
                broker.stored += listOf("ap_1" to ApprovalStatus.PENDING, "ap_2" to ApprovalStatus.PENDING)
                val feed = feed(broker)
                val waits = listOf("ap_1", "ap_2", "ap_2").map { async { feed.await(it, 1.hours) } }
                advanceTimeBy(1.seconds)
                broker.openStreams shouldBe 1
                waits.take(2).forEach { it.cancelAndJoin() }
                broker.openStreams shouldBe 1
                waits.last().cancelAndJoin()
                runCurrent()
                broker.openStreams shouldBe 0
                broker.cursors.size shouldBe 1
            }
        }

        test("the stream's word wakes those who wait for that approval, and nobody else") {
            runTest {
                val told = Channel<FeedEvent>(Channel.UNLIMITED)
                val broker = StreamingBroker().apply { streams += telling(told) }
                broker.stored += listOf("ap_1" to ApprovalStatus.PENDING, "ap_2" to ApprovalStatus.PENDING)
                val feed = feed(broker)
                val (one, two) = listOf("ap_1", "ap_2").map { async { feed.await(it, 1.hours) } }
                advanceTimeBy(1.seconds)
                told.send(decided("c1", "ap_9"))
                told.send(decided("c2", "ap_1", ApprovalStatus.of("escalated")))
                told.send(decided("c3", "ap_2", ApprovalStatus.DENIED))
                two.await()?.status shouldBe ApprovalStatus.DENIED
                one.isCompleted shouldBe false
                one.cancelAndJoin()
            }
        }

        test("a wait lasts as long as the expiry that somebody put off") {
            runTest {
                val told = Channel<FeedEvent>(Channel.UNLIMITED)
                val broker = StreamingBroker().apply { streams += telling(told) }
                broker.stored += "ap_1" to ApprovalStatus.PENDING
                val asked = Instant.parse("2026-11-20T12:00:00Z")
                broker.document = { id, status ->
                    Approval(id = id, action = "a", status = status, createdAt = asked, expiresAt = asked.plusSeconds(3 * 3_600))
                }
                val wait = async { feed(broker).await("ap_1", 1.hours) }
                advanceTimeBy(3.hours)
                wait.isCompleted shouldBe false
                told.send(decided("c1", "ap_1"))
                wait.await()?.status shouldBe ApprovalStatus.APPROVED
            }
        }

        test("a wait that the broker leaves pending beyond that ends, with nothing told") {
            runTest {
                val broker = StreamingBroker().apply { streams += quiet }
                broker.stored += "ap_1" to ApprovalStatus.PENDING
                val asked = Instant.parse("2026-11-20T12:00:00Z")
                broker.document = { id, status ->
                    Approval(id = id, action = "a", status = status, createdAt = asked, expiresAt = asked.plusSeconds(2 * 3_600))
                }
                val wait = async { feed(broker).await("ap_1", 1.hours) }
                advanceTimeBy(2.hours)
                wait.isCompleted shouldBe false
                advanceTimeBy(6.minutes)
                wait.isCompleted shouldBe true
                wait.await().shouldBeNull()
            }
        }

        test("what was decided before the stream was ready is found by reading once") {
            runTest {
                val broker = StreamingBroker().apply { streams += quiet }
                broker.stored["ap_1"] = ApprovalStatus.APPROVED
                feed(broker).await("ap_1", 1.hours)?.status shouldBe ApprovalStatus.APPROVED
                broker.reads shouldContainExactly listOf(listOf("ap_1"))
            }
        }

        test("a stream that is cut goes on from its last cursor, and all are read anew") {
            runTest {
                val broker = StreamingBroker()
                broker.streams += StreamingBroker.Stream { tell ->
                    tell(ready("c0"))
                    tell(decided("c7", "ap_9"))
                    broker.stored["ap_1"] = ApprovalStatus.PENDING
                }
                broker.streams += StreamingBroker.Stream { tell ->
                    broker.stored["ap_1"] = ApprovalStatus.APPROVED
                    tell(ready("c7"))
                    awaitCancellation()
                }
                feed(broker).await("ap_1", 1.hours)?.status shouldBe ApprovalStatus.APPROVED
                broker.cursors shouldContainExactly listOf(null, "c7")
            }
        }

        test("a cursor that is too old begins anew") {
            runTest {
                val broker = StreamingBroker()
                broker.stored["ap_1"] = ApprovalStatus.PENDING
                broker.streams += StreamingBroker.Stream { tell -> tell(ready("old")) }
                broker.streams += StreamingBroker.Stream { throw CursorExpired() }
                broker.streams += StreamingBroker.Stream { tell ->
                    tell(ready("new"))
                    tell(decided("new1", "ap_1"))
                    awaitCancellation()
                }
                feed(broker).await("ap_1", 1.hours)?.id shouldBe "ap_1"
                broker.cursors shouldContainExactly listOf(null, "old", null)
            }
        }

        test("streams that never become ready are given up, for those who wait and for a while") {
            runTest {
                val broker = StreamingBroker().apply { streams += silent }
                val feed = feed(broker)
                listOf("ap_1", "ap_2").map { async { feed.await(it, 1.hours) } }.awaitAll() shouldContainExactly listOf(null, null)
                broker.cursors.size shouldBe 2
                feed.await("ap_3", 1.hours).shouldBeNull()
                broker.cursors.size shouldBe 2
                advanceTimeBy(6.minutes)
                feed.await("ap_3", 1.hours).shouldBeNull()
                broker.cursors.size shouldBe 4
            }
        }

        test("a broker that is gone is waited for, however long") {
            runTest {
                val broker = StreamingBroker()
                broker.stored["ap_1"] = ApprovalStatus.APPROVED
                repeat(100) { broker.streams += unreachable }
                broker.streams += quiet
                feed(broker).await("ap_1", 1.hours)?.status shouldBe ApprovalStatus.APPROVED
            }
        }

        test("a refused key ends every wait at once") {
            runTest {
                val broker = StreamingBroker()
                broker.streams += StreamingBroker.Stream { throw SesameAuthException("unauthorized", "revoked") }
                shouldThrow<SesameAuthException> { feed(broker).await("ap_1", 1.hours) }
            }
        }

        test("an approval that the broker doesn't have is said to be missing") {
            runTest {
                val broker = StreamingBroker().apply { streams += quiet }
                shouldThrow<ApprovalNotFoundException> { feed(broker).await("ap_1", 1.hours) }
            }
        }

        test("closing ends every wait with an exception that is no cancellation") {
            runTest {
                val broker = StreamingBroker().apply { streams += quiet }
                broker.stored["ap_1"] = ApprovalStatus.PENDING
                val feed = feed(broker)
                val wait = async { shouldThrow<SesameClosedException> { feed.await("ap_1", 1.hours) } }
                advanceTimeBy(1.seconds)
                feed.close()
                wait.await().message shouldBe "this Sesame client is closed"
            }
        }

        test("hundreds are read in batches; then once in five minutes, and shortly after the expiry") {
            runTest {
                val broker = StreamingBroker().apply { streams += quiet }
                val ids = (1..250).map { "ap_$it" }
                ids.forEach { broker.stored[it] = ApprovalStatus.PENDING }
                val feed = feed(broker)
                val waits = ids.map { async { feed.await(it, if (it == "ap_7") 1.minutes else 1.hours) } }
                advanceTimeBy(50.seconds)
                broker.reads.map { it.size } shouldContainExactly listOf(100, 100, 50)
                broker.reads.clear()
                advanceTimeBy(20.seconds)
                broker.reads shouldContainExactly listOf(listOf("ap_7"))
                broker.reads.clear()
                advanceTimeBy(200.seconds)
                broker.reads.shouldBeEmpty()
                advanceTimeBy(40.seconds)
                broker.reads.flatten().toSet() shouldBe ids.toSet() - "ap_7"
                waits.forEach { it.cancelAndJoin() }
            }
        }
    })

private fun telling(told: Channel<FeedEvent>) = StreamingBroker.Stream { tell ->
    tell(ready("c0"))
    for (event in told) tell(event)
}

@OptIn(ExperimentalCoroutinesApi::class)
private fun TestScope.feed(broker: StreamingBroker): DecisionFeed {
    val retry = Retry(Backoff(Random(1)), RetryBudget(testTimeSource), CompletableDeferred(), object : SesameListener {}, testTimeSource)
    return DecisionFeed(broker, retry, backgroundScope, testTimeSource)
}
