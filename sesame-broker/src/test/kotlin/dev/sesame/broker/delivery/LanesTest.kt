package dev.sesame.broker.delivery

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.maps.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TestTimeSource

class LanesTest :
    FunSpec({
        val well = Sent(204, null, "", null)
        val dead = Sent(null, "no answer", "", null)

        class Scene {
            val time = TestTimeSource()
            val lanes = Lanes(time)

            fun room(name: String): Int = lanes.room(listOf(name))[name] ?: 0

            fun once(name: String, answer: Sent, took: Duration = 5.milliseconds) = lanes.begin(name).end(Tried(answer, took))

            fun width(name: String, successes: Int, took: Duration = 5.milliseconds): Int {
                repeat(successes) { once(name, well, took) }
                return room(name)
            }
        }

        test("a new receiver gets one at a time, and one more with each success, up to 16") {
            Scene().run {
                room("a") shouldBe 1
                width("a", successes = 1) shouldBe 2
                width("a", successes = 1) shouldBe 3
                width("a", successes = 50) shouldBe 16
            }
        }

        test("what is under way takes room, and gives it back whatever came of it") {
            Scene().run {
                width("a", successes = 3) shouldBe 4
                val places = List(4) { lanes.begin("a") }
                room("a") shouldBe 0
                places[0].end(null)
                room("a") shouldBe 1
                places[1].end(Tried(well, 1.milliseconds))
                room("a") shouldBe 3
            }
        }

        test("trouble takes a receiver back to one at a time, after a pause that doubles up to 30 s") {
            Scene().run {
                width("a", successes = 9) shouldBe 10
                listOf(250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000).forEach { pause ->
                    once("a", dead)
                    time += (pause - 1).milliseconds
                    room("a") shouldBe 0
                    time += 1.milliseconds
                    room("a") shouldBe 1
                }
                width("a", successes = 1) shouldBe 2
                once("a", dead)
                time += 250.milliseconds
                room("a") shouldBe 1
            }
        }

        test("trouble is no answer, 429 and 5xx; any other answer is about that one delivery") {
            listOf(null, 429, 500, 503, 599).forEach { Scene().run { once("a", Sent(it, null, "", null)).also { room("a") shouldBe 0 } } }
            listOf(200, 301, 400, 401, 404, 410).forEach {
                Scene().run { once("a", Sent(it, null, "", null)).also { room("a") shouldBe 2 } }
            }
        }

        test("a receiver that asks for a pause gets it, up to 5 minutes") {
            listOf(20.seconds to 20.seconds, 1_440.minutes to 5.minutes, 1.milliseconds to 250.milliseconds).forEach { (asked, given) ->
                Scene().run {
                    once("a", Sent(503, null, "", asked))
                    time += given - 1.milliseconds
                    room("a") shouldBe 0
                    time += 1.milliseconds
                    room("a") shouldBe 1
                }
            }
        }

        test("a slow one gets at most 4 at a time, and 16 again once it is quick") {
            Scene().run {
                width("a", successes = 20, took = 14.seconds) shouldBe 4
                width("a", successes = 20) shouldBe 16
            }
        }

        test("however many are dead, slow or unknown, those that are well keep all their places") {
            Scene().run {
                width("well", successes = 20) shouldBe 16
                val dead = List(500) { "dead $it" }.onEach { once(it, Sent(null, "no answer", "", null)) }
                time += 1.minutes
                val begun = lanes.room(dead)
                begun.size shouldBe 64
                begun.keys.forEach { lanes.begin(it) }
                lanes.room(dead).shouldBeEmpty()
                val unknown = lanes.room(List(500) { "unknown $it" })
                unknown.size shouldBe 192
                unknown.keys.forEach { lanes.begin(it) }
                room("unknown 300") shouldBe 0
                room("well") shouldBe 16
            }
        }

        test("room goes to the first ones first, and no more than there is") {
            Scene().run {
                val names = List(40) { "lane $it" }.onEach { width(it, successes = 15) }
                val room = lanes.room(names)
                room.values.sum() shouldBe 192
                room shouldContainExactly names.take(12).associateWith { 16 }
            }
        }

        test("of very many receivers the idle ones are forgotten, and those at work never") {
            Scene().run {
                width("kept", successes = 20) shouldBe 16
                val place = lanes.begin("kept")
                repeat(20_000) { once("other $it", well) }
                place.end(Tried(well, 5.milliseconds))
                room("kept") shouldBe 16
                width("other 19999", successes = 0) shouldBe 2
                width("other 0", successes = 0) shouldBe 1
                room("other 15000") shouldBeGreaterThan 1
            }
        }
    })
