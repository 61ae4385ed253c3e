package dev.sesame.broker.delivery

import dev.sesame.WebhookVerifier
import dev.sesame.broker.store.Registered
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.decided
import dev.sesame.broker.store.deliveriesOf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import java.time.Clock
import java.time.Duration
import java.time.ZoneOffset

class DeliverDueTest :
    FunSpec({
        val url = "https://hooks.example/a"
        val broken = Sent(500, null, "out of order", null)

        test("what is owed is sent at once, signed with the secret for callback URLs, and the attempt is kept") {
            Deliveries { Sent(200, null, "thanks", null) }.use { scene ->
                scene.start()
                val delivery = scene.awaitState(scene.owed(url).id, DeliveryState.DELIVERED)
                val shot = scene.shots.single()
                (shot.url to shot.id) shouldBe (url to delivery.id)
                val clock = Clock.fixed(scene.clock.instant(), ZoneOffset.UTC)
                val event = WebhookVerifier(scene.callbackSecret, clock = clock).verify(
                    shot.body,
                    shot.headers.mapValues {
                        listOf(it.value)
                    },
                )
                event.approvalId shouldBe delivery.approvalId
                val attempt = scene.stores.deliveries.attempts(delivery.id, 100).single()
                (attempt.status to attempt.answer) shouldBe (200 to "thanks")
                attempt.at shouldBe scene.clock.instant()
                (delivery.attempts to delivery.nextAt) shouldBe (1 to null)
                scene.ends shouldContainExactly listOf(DeliveryState.DELIVERED)
            }
        }

        test("a failure is tried again by the schedule, with the same id and body and the time of the attempt, and ends failed") {
            Deliveries { broken }.use { scene ->
                scene.start()
                val owed = scene.owed(url)
                val waits = listOf<Long>(5, 5 * 60, 30 * 60, 2 * 3_600, 5 * 3_600, 10 * 3_600, 14 * 3_600, 20 * 3_600, 24 * 3_600)
                waits.forEachIndexed { made, seconds ->
                    val at = scene.clock.instant()
                    val tried = scene.await(owed.id, "attempt ${made + 1}") { it.attempts == made + 1 }
                    (tried.state to tried.nextAt) shouldBe (DeliveryState.PENDING to at.plusSeconds(seconds))
                    scene.clock.moveSeconds(seconds)
                }
                scene.awaitState(owed.id, DeliveryState.FAILED).attempts shouldBe 10
                scene.shots.map { it.id }.distinct() shouldContainExactly listOf(owed.id)
                scene.shots.map { it.body.toList() }.distinct().size shouldBe 1
                scene.shots.map { it.headers.getValue("webhook-timestamp") }.distinct().size shouldBe 10
                scene.stores.deliveries.attempts(owed.id, 100).map { it.status }.distinct() shouldContainExactly listOf(500)
            }
        }

        test("an attempt before its time is not made, and a later success ends it") {
            var answers = 0
            Deliveries { if (answers++ == 0) broken else Deliveries.well }.use { scene ->
                scene.start()
                val owed = scene.owed(url)
                scene.await(owed.id, "the first attempt") { it.attempts == 1 }
                scene.clock.moveSeconds(4)
                val other = scene.owed("https://other.example/")
                scene.awaitState(other.id, DeliveryState.DELIVERED)
                scene.shots.count { it.url == url } shouldBe 1
                scene.clock.moveSeconds(1)
                scene.awaitState(owed.id, DeliveryState.DELIVERED).attempts shouldBe 2
            }
        }

        test("410 ends the delivery and disables the endpoint with a reason; what else is pending for it is held until it is enabled") {
            val gone = CompletableDeferred<Unit>()
            Deliveries { if (gone.isCompleted) Deliveries.well else Sent(410, null, "", null) }.use { scene ->
                val requester = scene.stores.requester()
                val endpoint = scene.register.add(requester.id, url).second.endpoint
                val both = List(2) { scene.stores.deliveriesOf(scene.stores.decided(requester, at = scene.clock.instant())).single() }
                scene.start()
                val ended = both.associateBy { scene.await(it.id, "failed or held") { now -> now.state != DeliveryState.PENDING }.state }
                ended.keys shouldBe setOf(DeliveryState.FAILED, DeliveryState.HELD)
                scene.stores.endpoints.endpoint(endpoint.id)!!.disabledReason!! shouldContain "410"
                scene.shots.size shouldBe 1
                scene.stores.deliveriesOf(scene.stores.decided(requester)).shouldBeEmpty()
                gone.complete(Unit)
                scene.register.enable(endpoint.id) shouldBe Registered.DONE
                scene.nudge()
                scene.awaitState(ended.getValue(DeliveryState.HELD).id, DeliveryState.DELIVERED)
                scene.stores.deliveries.delivery(ended.getValue(DeliveryState.FAILED).id)?.state shouldBe DeliveryState.FAILED
            }
        }

        test("what was under way when the store failed is sent again soon, not when its lease is over") {
            val failed = CompletableDeferred<Unit>()
            Deliveries { if (failed.complete(Unit)) throw StoreUnavailable("away") else Deliveries.well }.use { scene ->
                scene.start()
                scene.awaitState(scene.owed(url).id, DeliveryState.DELIVERED).attempts shouldBe 1
            }
        }

        test("410 from a callback URL ends that one delivery") {
            Deliveries { Sent(410, null, "", null) }.use { scene ->
                scene.start()
                scene.awaitState(scene.owed(url).id, DeliveryState.FAILED).attempts shouldBe 1
            }
        }

        test("an endpoint is disabled after five days with nothing but failures, not before, and not if one succeeded meanwhile") {
            var answer = broken
            Deliveries { answer }.use { scene ->
                val requester = scene.stores.requester()
                val endpoint = scene.register.add(requester.id, url).second.endpoint

                suspend fun tried(): Endpoint {
                    val owed = scene.stores.deliveriesOf(scene.stores.decided(requester, at = scene.clock.instant())).single()
                    scene.nudge()
                    scene.await(owed.id, "an attempt") { it.attempts >= 1 || it.state == DeliveryState.HELD }
                    return scene.stores.endpoints.endpoint(endpoint.id)!!
                }
                scene.start()
                tried().failingSince shouldBe scene.clock.instant()
                val first = scene.clock.instant()
                scene.clock.move(Duration.ofDays(4))
                tried().isEnabled shouldBe true
                answer = Deliveries.well
                tried().failingSince.shouldBeNull()
                answer = broken
                scene.clock.move(Duration.ofDays(1))
                tried().isEnabled shouldBe true
                val since = scene.stores.endpoints.endpoint(endpoint.id)!!.failingSince!!
                (since > first) shouldBe true
                scene.clock.move(Duration.ofDays(5))
                val disabled = tried()
                disabled.isEnabled shouldBe false
                disabled.disabledReason shouldBe "every attempt since $since failed, the last one with status 500"
            }
        }

        test("what was being sent when the process died is sent again after the start, with the same id, and nothing is lost") {
            val dying = CompletableDeferred<Unit>()
            Deliveries { if (dying.isCompleted) Deliveries.well else awaitCancellation() }.use { scene ->
                scene.start()
                val requester = scene.stores.requester()
                val owed = List(5) { scene.owed("https://hooks.example/$it", requester) }
                awaitThat("one is under way") { scene.shots.isNotEmpty() }
                val cut = scene.shots.single().id
                scene.stop()
                dying.complete(Unit)
                scene.stores.reopen()
                scene.start()
                owed.forEach { scene.awaitState(it.id, DeliveryState.DELIVERED).attempts shouldBe 1 }
                scene.shots.count { it.id == cut } shouldBe 2
            }
        }

        test("only so much of an answer is kept as it says, cut between two characters") {
            Deliveries { Sent(200, null, "é".repeat(5_000) + "\u0000", null) }.use { scene ->
                scene.start()
                val delivery = scene.awaitState(scene.owed(url).id, DeliveryState.DELIVERED)
                scene.stores.deliveries.attempts(delivery.id, 100).single().answer shouldBe "é".repeat(1_024)
            }
        }

        test("a failed delivery that is redelivered has the whole schedule before it") {
            var answer = Sent(410, null, "", null)
            Deliveries { answer }.use { scene ->
                scene.start()
                val owed = scene.owed(url)
                scene.awaitState(owed.id, DeliveryState.FAILED)
                answer = broken
                scene.stores.deliveries.redeliver(owed.id, scene.clock.instant()) shouldBe true
                scene.nudge()
                val again = scene.await(owed.id, "the second attempt") { it.attempts == 2 }
                (again.state to again.nextAt) shouldBe (DeliveryState.PENDING to scene.clock.instant().plusSeconds(5))
            }
        }
    })
