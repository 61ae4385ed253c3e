package dev.sesame.broker.store

import dev.sesame.broker.delivery.DeliveryState
import dev.sesame.broker.delivery.PreviousSecret
import dev.sesame.broker.delivery.SealedSecret
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe

/** What every adapter of [EndpointStore] promises. */
internal abstract class EndpointStoreContract(fresh: () -> Stores) :
    FunSpec({
        val stores = autoClose(fresh())
        val endpoints = stores.endpoints

        test("an endpoint is found as it was stored, also after a restart, and an unknown id is not found") {
            val endpoint = stores.endpointOf(stores.requester())
            stores.reopen()
            endpoints.endpoint(endpoint.id) shouldBe endpoint
            endpoints.endpoint(ids.endpoint()).shouldBeNull()
        }

        test("a URL is taken once for a requester, also by a disabled endpoint") {
            val requester = stores.requester()
            val first = stores.endpointOf(requester)
            endpoints.disable(first.id, start, "tired")
            endpoints.add(endpoint(requester, first.url), 100) shouldBe Registered.URL_TAKEN
            endpoints.add(endpoint(stores.requester(), first.url), 100) shouldBe Registered.DONE
        }

        test("enabled ones have a limit, when they are added and when they are enabled") {
            val requester = stores.requester()
            val first = stores.endpointOf(requester)
            endpoints.add(endpoint(requester), atMost = 1) shouldBe Registered.TOO_MANY
            endpoints.disable(first.id, start, "tired")
            endpoints.add(endpoint(requester), atMost = 1) shouldBe Registered.DONE
            endpoints.enable(first.id, atMost = 1, at = start) shouldBe Registered.TOO_MANY
            endpoints.enable(first.id, atMost = 2, at = start) shouldBe Registered.DONE
            endpoints.enable(first.id, atMost = 1, at = start) shouldBe Registered.DONE
            endpoints.enable(ids.endpoint(), atMost = 1, at = start) shouldBe Registered.ABSENT
        }

        test("a list is oldest first, of one requester or of all, and goes on after a position") {
            val requester = stores.requester()
            val all = List(5) { endpoint(requester, afterSeconds = it / 2L).also { made -> endpoints.add(made, 100) } }
                .sortedWith(compareBy({ it.createdAt }, { it.id }))
            stores.endpointOf(stores.requester())
            endpoints.endpoints(requester.id, null, 3) shouldContainExactly all.take(3)
            endpoints.endpoints(requester.id, Position(all[2].createdAt, all[2].id), 3) shouldContainExactly all.drop(3)
            endpoints.endpoints(requester.id, Position(all[4].createdAt, all[4].id), 3).shouldBeEmpty()
            endpoints.endpoints(null, null, 100).map { it.id }.containsAll(all.map { it.id }) shouldBe true
        }

        test("a secret is replaced once, by whoever knows the present one") {
            val endpoint = stores.endpointOf(stores.requester())
            val previous = PreviousSecret(endpoint.secret, start.plusSeconds(60))
            endpoints.rotate(endpoint.id, endpoint.secret, SealedSecret("new"), previous, start) shouldBe true
            endpoints.rotate(endpoint.id, endpoint.secret, SealedSecret("other"), previous, start) shouldBe false
            endpoints.endpoint(endpoint.id) shouldBe endpoint.copy(secret = SealedSecret("new"), previous = previous)
            endpoints.rotate(endpoint.id, SealedSecret("new"), SealedSecret("newer"), null, start) shouldBe true
            endpoints.endpoint(endpoint.id) shouldBe endpoint.copy(secret = SealedSecret("newer"))
        }

        test("disabling keeps the first time and reason and holds what is pending; enabling lets that go on as it was due") {
            val requester = stores.requester()
            val endpoint = stores.endpointOf(requester)
            val delivery = stores.deliveriesOf(stores.decided(requester)).single()
            endpoints.disable(endpoint.id, start, "tired") shouldBe true
            endpoints.disable(endpoint.id, start.plusSeconds(1), "another") shouldBe true
            endpoints.endpoint(endpoint.id) shouldBe endpoint.copy(disabledAt = start, disabledReason = "tired")
            stores.deliveries.delivery(delivery.id) shouldBe delivery.copy(state = DeliveryState.HELD)
            stores.deliveries.lanesDue(start.plusSeconds(100)).contains(delivery.lane) shouldBe false

            endpoints.enable(endpoint.id, 20, at = start) shouldBe Registered.DONE
            endpoints.endpoint(endpoint.id) shouldBe endpoint
            stores.deliveries.delivery(delivery.id) shouldBe delivery
            endpoints.disable(ids.endpoint(), start, "never there") shouldBe false
        }
    })
