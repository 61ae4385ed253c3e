package dev.sesame.broker.approval

import dev.sesame.broker.MovableClock
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import java.time.Duration
import java.util.Base64

class EventCursorTest :
    FunSpec({
        val clock = MovableClock()
        val first = EventCursor("", clock)
        val second = EventCursor("second", clock)

        test("it leads its reader back to the place that it was made for, and nobody else") {
            for (cursors in listOf(first, second)) {
                val cursor = cursors.of(42, "rq_1", "live")
                cursors.seqOf(cursor, "rq_1", "live") shouldBe 42
                cursors.seqOf(cursor, "rq_2", "live").shouldBeNull()
                cursors.seqOf(cursor, "rq_1", "test").shouldBeNull()
                cursors.seqOf(cursor, "rq_1").shouldBeNull()
            }
        }

        test("a place of one epoch is none in another, whichever came first") {
            val third = EventCursor("third", clock)
            val all = listOf(first, second, third)
            for (made in all) for (asked in all - made) asked.seqOf(made.of(42, "rq_1", "live"), "rq_1", "live").shouldBeNull()
        }

        test("what a broker gave out that knew no epochs holds in the first one alone") {
            val old = Base64.getUrlEncoder().withoutPadding().encodeToString("42.${clock.millis()}.rq_1.live".toByteArray())
            first.seqOf(old, "rq_1", "live") shouldBe 42
            second.seqOf(old, "rq_1", "live").shouldBeNull()
            first.of(42, "rq_1", "live") shouldBe old
        }

        test("a week later it is too old") {
            val cursor = second.of(42, "rq_1", "live")
            clock.move(Duration.ofDays(7))
            second.seqOf(cursor, "rq_1", "live") shouldBe 42
            clock.moveSeconds(1)
            second.seqOf(cursor, "rq_1", "live").shouldBeNull()
        }
    })
