package dev.sesame.broker.approval

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.comparables.shouldBeLessThanOrEqualTo
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

class ClosingTest :
    FunSpec({
        test("what is held ends in many waves of about the same size, all of it within two seconds") {
            val closing = Closing(Random(7))
            val held = List(1_000) { closing.wave() }
            val waves = held.groupingBy { it }.eachCount()
            waves.size shouldBe 20
            waves.values.max() shouldBeLessThan 100
            var most = 0
            coroutineScope {
                val seen = async(Dispatchers.Default) {
                    while (held.any { !it.isCompleted }) most = maxOf(most, waves.keys.count { it.isCompleted }.takeIf { it < 20 } ?: 0)
                }
                measureTime { closing.end(held.size) } shouldBeLessThan 4.seconds // 2 s, and what a busy machine adds
                seen.await()
            }
            held.awaitAll()
            most shouldBeGreaterThan 5 // there was a time when some had ended and some had not
        }

        test("a few that are held don't make the stop long") {
            measureTime { Closing(Random(7)).end(3) } shouldBeLessThanOrEqualTo 1_000.milliseconds
        }

        test("what would be held later ends at once") {
            val closing = Closing(Random(7))
            closing.end(0)
            closing.begun.isCompleted shouldBe true
            List(100) { closing.wave() }.all { it.isCompleted } shouldBe true
        }
    })
