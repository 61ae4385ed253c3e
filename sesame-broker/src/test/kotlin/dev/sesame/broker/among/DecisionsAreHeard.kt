package dev.sesame.broker.among

import dev.sesame.broker.Callable
import dev.sesame.broker.Http
import dev.sesame.broker.delivery.Receiver
import dev.sesame.broker.http.Feed
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Each of some decisions at [here] ends the wait at [there], is in the feed there, and has its webhook sent once. */
internal fun decisionsAreHeard(here: Callable, there: Callable) {
    val requester = here.requester()
    val elsewhere = Http(there.url, requester.http.bearer)
    val approver = here.approver()
    Receiver().use { receiver ->
        Feed(elsewhere).use { feed ->
            feed.next().name shouldBe "ready"
            repeat(DECISIONS) { round ->
                val id = requester.asked("callback_url" to receiver.url)
                val held = elsewhere.getLater("/v1/approvals/$id?wait=true&timeout_seconds=30")
                val begun = TimeSource.Monotonic.markNow()
                approver.approve(id)
                held.get().text("status") shouldBe "approved"
                begun.elapsedNow() shouldBeLessThan 3.seconds
                feed.next().json.toString().contains(id) shouldBe true
                receiver.await(round + 1).size shouldBe round + 1
            }
        }
        receiver.received.map { it.id }.distinct().size shouldBe DECISIONS
    }
}

private const val DECISIONS = 5
