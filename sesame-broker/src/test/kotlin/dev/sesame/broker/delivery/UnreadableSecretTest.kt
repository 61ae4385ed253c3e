package dev.sesame.broker.delivery

import dev.sesame.WebhookSecret
import dev.sesame.broker.MovableClock
import dev.sesame.broker.access.CannotUnseal
import dev.sesame.broker.store.endpointOf
import dev.sesame.broker.store.ids
import dev.sesame.broker.store.random
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.store.start
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

/** The key that sealed the secrets is lost. */
class UnreadableSecretTest :
    FunSpec({
        test("a delivery to such an endpoint fails in words, unsent; rotating its secret mends it at once") {
            Deliveries().use { scene ->
                val requester = scene.stores.requester()
                val endpoint = scene.stores.endpointOf(requester, "https://hooks.example/lost")
                // Sealed by another broker: this text was never made with this one's key.
                val foreign = testSecrets().seal(WebhookSecret.random(), ownerOf(endpoint.id))
                scene.stores.endpoints.rotate(endpoint.id, endpoint.secret, foreign, null, start) shouldBe true
                scene.start()
                val owed = scene.owed(endpoint.url, requester)
                scene.await(owed.id, "an attempt") { it.attempts == 1 }.state shouldBe DeliveryState.PENDING
                scene.stores.deliveries.attempts(owed.id, 1).single().failure!! shouldContain "sealed with another key"
                scene.shots.size shouldBe 0

                scene.register.rotate(endpoint.id)!!.endpoint.previous.shouldBeNull()
                scene.clock.moveSeconds(5)
                scene.awaitState(owed.id, DeliveryState.DELIVERED)
            }
        }

        test("the secret for callback URLs is the same at every start, unreadable under another key, and another under a new one") {
            sqliteStores(temporaryDirectory()).use { stores ->
                val secrets = testSecrets()
                suspend fun take(under: WebhookSecrets, configured: WebhookSecret? = null, keyIsNew: Boolean = false) =
                    CallbackSecret(configured, stores.access, under, random).take(keyIsNew)
                val (first, isNew) = take(secrets)
                isNew shouldBe true
                val (second, isNewAgain) = take(secrets)
                (second.reveal() to isNewAgain) shouldBe (first.reveal() to false)
                shouldThrow<CannotUnseal> { take(testSecrets()) }.message!! shouldContain "callback URLs"
                val own = WebhookSecret.random()
                take(testSecrets(), own) shouldBe (own to false)

                val restored = testSecrets()
                val (anew, wasMade) = take(restored, keyIsNew = true)
                (wasMade to (anew.reveal() == first.reveal())) shouldBe (true to false)
                take(restored).first.reveal() shouldBe anew.reveal()
            }
        }

        test("after a rotation both secrets sign, for 24 hours and no longer") {
            sqliteStores(temporaryDirectory()).use { stores ->
                val clock = MovableClock()
                val secrets = testSecrets()
                val register = EndpointRegister(stores.endpoints, secrets, ids, random, clock)
                val signatures = Signatures(WebhookSecret.random(), secrets)
                val id = register.add(stores.requester().id, "https://hooks.example/").second.endpoint.id
                register.rotate(id)
                val endpoint = stores.endpoints.endpoint(id)
                fun signed(afterSeconds: Long) =
                    signatures.headers("wh_1", start.plusSeconds(afterSeconds), byteArrayOf(), endpoint).getValue("webhook-signature")
                listOf(0L, 86_399L, 86_400L).map { signed(it).split(' ').size } shouldBe listOf(2, 2, 1)
            }
        }
    })
