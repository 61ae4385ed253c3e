package dev.sesame.broker.access

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TestTimeSource

class QuotasTest :
    FunSpec({
        test("a burst passes, then so many a second, each requester for itself") {
            val time = TestTimeSource()
            val rate = AskingRate(perSecond = 100, burst = 500, time)
            repeat(500) { rate.take("a") }
            shouldThrow<NoPlace> { rate.take("a") }.message shouldBe "at most 100 questions a second may be asked, 500 at once"
            rate.take("b")
            time += 10.milliseconds
            rate.take("a")
            shouldThrow<NoPlace> { rate.take("a") }
            time += 3.seconds
            repeat(300) { rate.take("a") }
            shouldThrow<NoPlace> { rate.take("a") }
        }

        test("a place is given back, also when what was held fails") {
            val places = Places("polls", limit = 2)
            places.within("a") {
                places.within("a") {
                    shouldThrow<NoPlace> { places.within("a") {} }.message shouldBe "at most 2 polls may be held at once"
                    places.within("b") { places.count shouldBe 3 }
                }
            }
            shouldThrow<IllegalStateException> { places.within("a") { error("failed") } }
            places.count shouldBe 0
        }
    })
