package dev.sesame.broker.approval

import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.Doorbell
import dev.sesame.broker.store.Happened
import dev.sesame.broker.store.question
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

class FollowInboxTest :
    FunSpec({
        val stores = autoClose(sqliteStores(temporaryDirectory()))
        val requester = runBlocking { stores.requester() }

        /** The store, and how often it was read for news. */
        class Counting : ApprovalStore by stores.approvals {
            val reads = AtomicInteger()

            override suspend fun happenedAfter(seq: Long, limit: Int): List<Happened> {
                reads.incrementAndGet()
                return stores.approvals.happenedAfter(seq, limit)
            }
        }

        class Reader(private val mayRead: CompletableDeferred<Unit> = CompletableDeferred(Unit)) : FollowInbox.Follower {
            val told = CopyOnWriteArrayList<String>()
            val isReady = CompletableDeferred<Unit>()

            override suspend fun isWelcome() = true

            override suspend fun ready(seq: Long) {
                isReady.complete(Unit)
            }

            override suspend fun happened(batch: List<Happened>) {
                mayRead.await()
                told += batch.map { it.record.id }
            }

            override suspend fun stillHere() = Unit
        }

        class Inbox {
            val store = Counting()
            private val bell = Doorbell()
            private val closing = Closing(Random(1))
            private val follow = FollowInbox(store, bell, closing, TimeSource.Monotonic)

            suspend fun asked(): String = stores.opened(question(requester)).id.also { bell.ring() }

            /** Runs [block] while [readers] follow from [after]. */
            suspend fun following(readers: List<Reader>, after: Long? = null, block: suspend () -> Unit) = coroutineScope {
                val jobs = readers.map { launch(Dispatchers.Default) { follow.follow(after, CompletableDeferred(), it) } }
                readers.forEach { it.isReady.await() }
                block()
                closing.end(readers.size)
                jobs.joinAll()
            }
        }

        suspend fun idsAfter(place: Long): List<String> = stores.approvals.happenedAfter(place, 10_000).map { it.record.id }

        test("a thousand who are told of the same look together: a few reads for all of them") {
            val inbox = Inbox()
            val readers = List(1_000) { Reader() }
            inbox.following(readers) {
                eventually(20.seconds) { inbox.store.reads.get() shouldBe 1_000 } // each once, for what came before it listened
                val asked = List(3) { number ->
                    inbox.asked().also { eventually(20.seconds) { readers.all { it.told.size == number + 1 } shouldBe true } }
                }
                readers.forEach { it.told shouldContainExactly asked }
                inbox.store.reads.get() - 1_000 shouldBeLessThan 100
            }
        }

        test("nobody misses anything or is told twice, whenever they come and however many ask at once") {
            val inbox = Inbox()
            val place = stores.approvals.lastEvent()
            val readers = List(40) { Reader() }
            coroutineScope {
                repeat(4) { launch(Dispatchers.Default) { repeat(150) { inbox.asked() } } }
                inbox.following(readers, place) {
                    eventually(20.seconds) { readers.all { it.told.size == 600 } shouldBe true }
                    idsAfter(place).let { all -> readers.forEach { it.told shouldContainExactly all } }
                }
            }
        }

        test("more than one batch is told without anybody ringing again") {
            val place = stores.approvals.lastEvent()
            stores.openedTogether(450, requester)
            val reader = Reader()
            Inbox().following(listOf(reader), place) {
                eventually(10.seconds) { reader.told.size shouldBe 450 }
                reader.told shouldContainExactly idsAfter(place)
            }
        }

        test("a flood is read once for all who follow, batch after batch") {
            val inbox = Inbox()
            val place = stores.approvals.lastEvent()
            val readers = List(100) { Reader() }
            inbox.following(readers) {
                eventually(20.seconds) { inbox.store.reads.get() shouldBe 100 }
                stores.openedTogether(450, requester)
                inbox.asked()
                eventually(20.seconds) { readers.all { it.told.size == 451 } shouldBe true }
                idsAfter(place).let { all -> readers.forEach { it.told shouldContainExactly all } }
                inbox.store.reads.get() - 100 shouldBeLessThan 50
            }
        }

        test("who reads slowly holds up nobody, and is told all of it in the end") {
            val inbox = Inbox()
            val mayRead = CompletableDeferred<Unit>()
            val (slow, quick) = Reader(mayRead) to Reader()
            inbox.following(listOf(slow, quick)) {
                val asked = List(3) { number -> inbox.asked().also { eventually(10.seconds) { quick.told.size shouldBe number + 1 } } }
                slow.told.shouldBeEmpty()
                mayRead.complete(Unit)
                eventually(10.seconds) { slow.told shouldContainExactly asked }
            }
        }
    })
