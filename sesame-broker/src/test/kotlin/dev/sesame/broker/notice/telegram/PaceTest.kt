package dev.sesame.broker.notice.telegram

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TestTimeSource

class PaceTest :
    FunSpec({
        /** Sends what is to go to [chats], each at its time, and says when each went. */
        fun sent(pace: Pace, time: TestTimeSource, chats: List<String>): List<Pair<String, Duration>> {
            val begun = time.markNow()
            val left = chats.toMutableList()
            return buildList {
                while (left.isNotEmpty()) {
                    var shortest = 10.seconds
                    left.toList().forEach { chat ->
                        val wait = pace.tryTake(chat)
                        if (wait > Duration.ZERO) return@forEach Unit.also { shortest = minOf(shortest, wait) }
                        left.remove(chat)
                        add(chat to begun.elapsedNow())
                    }
                    time += shortest
                }
            }
        }

        test("never more than 25 in any second, and all go as fast as that allows") {
            val time = TestTimeSource()
            val sent = sent(Pace(time), time, List(1_000) { "chat $it" }).map { it.second }
            sent.forEachIndexed { index, at ->
                sent.drop(index).takeWhile { it < at + 1.seconds }.size shouldBe minOf(25, sent.size - index)
            }
            sent.last() shouldBeLessThan 41.seconds
        }

        test("never more than one a second to a chat, which holds up no other chat") {
            val time = TestTimeSource()
            val sent = sent(Pace(time), time, List(5) { "busy" } + List(50) { "chat $it" })
            sent.filter { it.first == "busy" }.map { it.second }.zipWithNext().forEach { (one, next) ->
                (next - one >= 1.seconds) shouldBe
                    true
            }
            sent.filter { it.first != "busy" }.maxOf { it.second } shouldBeLessThan 3.seconds
        }

        test("a pause that was asked for holds all back, and a shorter one doesn't end it") {
            val time = TestTimeSource()
            val pace = Pace(time)
            pace.tryTake("a") shouldBe Duration.ZERO
            pace.pause(30.seconds)
            pace.pause(1.seconds)
            pace.tryTake("b") shouldBe 30.seconds
            time += 30.seconds
            pace.tryTake("b") shouldBe Duration.ZERO
        }

        test("a chat that has been quiet has no more than one to send at once") {
            val time = TestTimeSource()
            val pace = Pace(time)
            time += 3_600.seconds
            pace.tryTake("a") shouldBe Duration.ZERO
            time += 999.milliseconds
            pace.tryTake("a") shouldBe 1.milliseconds
            time += 1.milliseconds
            pace.tryTake("a") shouldBe Duration.ZERO
        }
    })
