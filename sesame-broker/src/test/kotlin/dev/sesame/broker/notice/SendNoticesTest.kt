package dev.sesame.broker.notice

import dev.sesame.broker.MovableClock
import dev.sesame.broker.delivery.RetrySchedule
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.store.Stores
import dev.sesame.broker.store.ids
import dev.sesame.broker.store.question
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.store.start
import dev.sesame.broker.temporaryDirectory
import dev.sesame.rules.ApprovalRecord
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.random.Random

/** The worker over a real store, with channels that do what a test says. */
class SendNoticesTest :
    FunSpec({
        test("a dead channel delays no other, and loses nothing for when it is back") {
            Scene("dead", "well").use { scene ->
                val dead = scene.start("dead") { awaitCancellation() }
                val well = scene.start("well") { Told.Sent() }
                val asked = List(3) { scene.asked() }
                awaitThat("the dead one is at its first") { dead.told.size == 1 }
                awaitThat("the other has told all") { scene.of(asked, "well").all { it.state == NoticeState.SENT } }
                well.told.map { it.approvalId } shouldContainExactly asked.map { it.id }
                scene.of(asked, "dead").map { it.state }.distinct() shouldContainExactly listOf(NoticeState.PENDING)
            }
        }

        test("a channel that throws is a fault that is tried again at its time, and not without end") {
            Scene("broken").use { scene ->
                val broken = scene.start("broken") { throw NoSuchElementException("none") }
                val asked = scene.asked()
                repeat(SendNotices.STEPS.size + 1) { attempt ->
                    awaitThat("attempt ${attempt + 1}") { scene.of(listOf(asked), "broken").single().attempts == attempt + 1 }
                    scene.clock.moveSeconds(12 * 3_600)
                }
                scene.of(listOf(asked), "broken").single().let { it.state shouldBe NoticeState.FAILED }
                broken.told.size shouldBe SendNotices.STEPS.size + 1
            }
        }

        test("what was decided before it could be told is not told") {
            Scene("well").use { scene ->
                val asked = scene.asked()
                scene.clock.moveSeconds(3_600L * 24 * 365 * 20)
                val well = scene.start("well") { Told.Sent() }
                awaitThat("it is dropped") { scene.of(listOf(asked), "well").single().state == NoticeState.DROPPED }
                well.told.size shouldBe 0
            }
        }
    })

private class Scripted(override val name: String, private val act: suspend (Notice) -> Told) : Channel {
    val told = CopyOnWriteArrayList<Notice>()

    override suspend fun tell(notice: Notice, record: ApprovalRecord): Told {
        told += notice
        return act(notice)
    }

    override suspend fun tellTogether(contact: Contact, records: List<ApprovalRecord>, more: Int): Told = error("never so many here")
}

/** One approver whom each of [channels] reaches. */
private class Scene(vararg channels: String) : AutoCloseable {
    private val stores: Stores = sqliteStores(temporaryDirectory()).also { it.channels = channels.toSet() }
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    val clock = MovableClock()

    init {
        runBlocking {
            val approver = stores.approver()
            channels.forEach { channel ->
                val hash = ids.bare()
                stores.telegramOf(channel).run {
                    keepCode(hash, approver.id, start.plusSeconds(600))
                    link(hash, "1", start, 10)
                }
            }
        }
    }

    fun start(name: String, act: suspend (Notice) -> Told): Scripted {
        val channel = Scripted(name, act)
        val worker = SendNotices(channel, stores.notices, stores.approvals, RetrySchedule(Random(1), SendNotices.STEPS), clock)
        scope.launch { worker.run() }
        return channel
    }

    /** A question that is open for twenty years, without reminders in the way. */
    fun asked(): ApprovalRecord = runBlocking { stores.opened(question(stores.requester(), expiresInSeconds = 3_600L * 24 * 365 * 20)) }

    fun of(asked: List<ApprovalRecord>, channel: String): List<Notice> = runBlocking {
        asked.flatMap { stores.notices.noticesOf(it.id, 100) }.filter { it.contact.channel == channel && it.kind == NoticeKind.ASKED }
    }

    override fun close() {
        scope.cancel()
        stores.close()
    }
}
