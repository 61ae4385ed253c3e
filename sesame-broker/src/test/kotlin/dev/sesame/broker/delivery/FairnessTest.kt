package dev.sesame.broker.delivery

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/** One slow or dead receiver never delays another, and one that came back isn't flooded. */
class FairnessTest :
    FunSpec({
        test("receivers that never answer, with a long queue before each, keep nobody else from being sent to at once") {
            val known = ConcurrentHashMap.newKeySet<String>()
            Deliveries {
                if ("dead" !in it.url) return@Deliveries Deliveries.well
                if (known.add(it.url.substringBefore("/at"))) Sent(null, "no answer", "", null) else awaitCancellation()
            }.use { scene ->
                val requester = scene.stores.requester()
                val dead = List(100) { dead -> List(3) { scene.owed("https://dead$dead.example/at/$it", requester) } }
                scene.start()
                scene.await(dead[0][0].id, "a failure of each") { scene.ends.size == 100 }
                scene.await(dead[99][0].id, "the dead hold all that they may") { scene.shots.size >= 164 }
                val well = List(50) { scene.owed("https://well$it.example/", requester) }
                well.forEach { scene.awaitState(it.id, DeliveryState.DELIVERED) }
                scene.shots.count { "dead" in it.url } shouldBe 164
            }
        }

        test("endpoints don't wait for each other, though they are on one host; callbacks to one host share its places") {
            Deliveries { if ("slow" in it.url) awaitCancellation() else Deliveries.well }.use { scene ->
                val requester = scene.stores.requester()
                scene.register.add(requester.id, "https://hooks.example/slow")
                scene.register.add(requester.id, "https://hooks.example/quick")
                scene.start()
                val quick = List(20) { scene.owed("https://hooks.example/quick", requester) }
                quick.forEach { scene.awaitState(it.id, DeliveryState.DELIVERED) }
                scene.shots.filter { "slow" in it.url }.size shouldBe 1
            }
        }

        test("a receiver that came back gets one first, then a few, and never more than sixteen at a time") {
            val isBack = AtomicBoolean()
            val now = AtomicInteger()
            val most = AtomicInteger()
            Deliveries {
                if (!isBack.get()) return@Deliveries Sent(null, "no answer", "", null)
                most.accumulateAndGet(now.incrementAndGet(), ::maxOf)
                delay(5)
                now.decrementAndGet()
                Deliveries.well
            }.use { scene ->
                val requester = scene.stores.requester()
                scene.start()
                val owed = List(200) { scene.owed("https://back.example/$it", requester) }
                // Which one is first isn't promised: all are due at one moment.
                awaitThat("a failure") { scene.ends.isNotEmpty() }
                isBack.set(true)
                scene.clock.moveSeconds(5)
                owed.forEach { scene.awaitState(it.id, DeliveryState.DELIVERED) }
                most.get() shouldBeLessThanOrEqual 16
                scene.stores.deliveries.lanesDue(scene.clock.instant()).shouldBeEmpty()
            }
        }
    })
