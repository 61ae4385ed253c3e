package dev.sesame.broker.store

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.ints.shouldBeGreaterThanOrEqual
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.yield
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random

class SharedReadTest :
    FunSpec({
        /** Reads that end when the test says so, each with what [answer] makes of its keys. */
        class Gated(answer: (String) -> String = { it.uppercase() }) {
            val begun = CopyOnWriteArrayList<Set<String>>()
            val mayEnd = CopyOnWriteArrayList<CompletableDeferred<Unit>>()
            val shared = SharedRead<String, String> { keys ->
                val end = CompletableDeferred<Unit>().also(mayEnd::add)
                begun += keys.toSet()
                end.await()
                keys.filter { it != "absent" }.associateWith(answer)
            }
        }

        fun CoroutineScope.asking(gated: Gated, key: String): Deferred<String?> =
            async(start = CoroutineStart.UNDISPATCHED) { gated.shared.of(key) }

        test("who asks while a read is under way shares the next one with all others who do") {
            val gated = Gated()
            coroutineScope {
                val first = asking(gated, "a")
                val others = List(100) { asking(gated, "b$it") } + List(100) { asking(gated, "a") }
                gated.begun shouldContainExactly listOf(setOf("a"))
                gated.mayEnd[0].complete(Unit)
                first.await() shouldBe "A"
                gated.begun.size shouldBe 2
                gated.begun[1].size shouldBe 101
                gated.mayEnd[1].complete(Unit)
                others.awaitAll().last() shouldBe "A"
                others.first().await() shouldBe "B0"
            }
        }

        test("what the read has nothing for is null, and each new question is read anew") {
            val gated = Gated()
            coroutineScope {
                repeat(2) { round ->
                    val asked = asking(gated, "absent")
                    gated.mayEnd[round].complete(Unit)
                    asked.await().shouldBeNull()
                }
            }
            gated.begun.size shouldBe 2
        }

        test("who asked first and leaves takes the read from nobody") {
            val gated = Gated()
            coroutineScope {
                val running = asking(gated, "a")
                val leader = asking(gated, "b")
                val other = asking(gated, "c")
                leader.cancel()
                gated.mayEnd[0].complete(Unit)
                running.await() shouldBe "A"
                yield()
                gated.mayEnd[1].complete(Unit)
                other.await() shouldBe "C"
                leader.cancelAndJoin()
            }
        }

        test("a failed read fails for all who share it, and for nobody else") {
            val gated = Gated { if (it == "bad") error("the disk is gone") else it }
            supervisorScope {
                val good = asking(gated, "good")
                val bad = listOf("bad", "fine").map { asking(gated, it) }
                gated.mayEnd[0].complete(Unit)
                good.await() shouldBe "good"
                gated.mayEnd[1].complete(Unit)
                bad.forEach { shouldThrow<IllegalStateException> { it.await() } }
                val after = asking(gated, "after")
                gated.mayEnd[2].complete(Unit)
                after.await() shouldBe "after"
            }
        }

        test("every answer is as new as the question (20,000 questions from many threads)") {
            val written = AtomicInteger()
            val shared = SharedRead<String, Int> { keys ->
                val read = written.get()
                yield()
                keys.associateWith { read }
            }
            coroutineScope {
                List(100) { number ->
                    async(Dispatchers.Default) {
                        val random = Random(number)
                        repeat(200) {
                            val before = written.incrementAndGet()
                            shared.of("key ${random.nextInt(5)}")!! shouldBeGreaterThanOrEqual before
                        }
                    }
                }.awaitAll()
            }
        }
    })
