package dev.sesame.broker.due

import dev.sesame.broker.delivery.awaitThat
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import org.slf4j.LoggerFactory
import java.util.concurrent.atomic.AtomicInteger

class DueLoopTest :
    FunSpec({
        fun loop() = DueLoop(LoggerFactory.getLogger("dev.sesame.broker.due"), "Trying")
        val scope = CoroutineScope(Dispatchers.Default)

        test("it looks by itself, and much sooner when it is nudged") {
            val rounds = AtomicInteger()
            val loop = loop()
            val nudging = scope.launch { loop.run { true.also { if (rounds.incrementAndGet() > 2) loop.nudge() } } }
            awaitThat("it has looked twice unasked, then a hundred times on a nudge, which unasked takes 25 s", seconds = 10) {
                rounds.get() >= 102
            }
            nudging.cancelAndJoin()
        }

        test("nudges that come while it looks are one, and none is lost") {
            val rounds = AtomicInteger()
            val first = CompletableDeferred<Unit>()
            val loop = loop()
            val looking = scope.launch {
                loop.run {
                    if (rounds.incrementAndGet() == 1) first.await()
                    true
                }
            }
            awaitThat("it looks") { rounds.get() == 1 }
            repeat(1_000) { loop.nudge() }
            first.complete(Unit)
            awaitThat("it looks again") { rounds.get() >= 2 }
            (rounds.get() < 100) shouldBe true
            looking.cancelAndJoin()
        }

        test("what a round launched ends with the loop") {
            val ended = CompletableDeferred<Unit>()
            val launched = CompletableDeferred<Unit>()
            val running = scope.launch {
                loop().run {
                    if (!launched.isCompleted) {
                        launch {
                            try {
                                launched.complete(Unit)
                                awaitCancellation()
                            } finally {
                                ended.complete(Unit)
                            }
                        }
                    }
                    true
                }
            }
            launched.await()
            running.cancelAndJoin()
            ended.isCompleted shouldBe true
        }

        test("a failure is an answer, and being cancelled isn't one") {
            loop().orLater { error("no") } shouldBe false
            loop().orLater { } shouldBe true
            shouldThrow<CancellationException> { loop().orLater { throw CancellationException("leaving") } }
        }
    })
