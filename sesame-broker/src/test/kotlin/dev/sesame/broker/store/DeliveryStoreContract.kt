package dev.sesame.broker.store

import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.delivery.DeliveryState
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

/** What every adapter of [DeliveryStore] promises. */
internal abstract class DeliveryStoreContract(fresh: () -> Stores) :
    FunSpec({
        val stores = autoClose(fresh())
        val deliveries = stores.deliveries
        val now = start.plusSeconds(100)
        val until = start.plusSeconds(160)

        suspend fun lease(lane: String, count: Int = 10) = deliveries.lease(mapOf(lane to count), now, until)

        suspend fun owed(count: Int = 1, url: String = "https://${ids.endpoint()}.example/"): List<Delivery> {
            val requester = stores.requester()
            return List(count) { stores.deliveriesOf(stores.decided(requester, url, start.plusSeconds(1L + it))).single() }
        }

        test("lanes with something due come the longest due first, each once, and those without it don't") {
            fresh().use { own ->
                own.deliveries.areOwed() shouldBe false
                val requester = own.requester()
                val urls = listOf("https://c.example/", "https://a.example/", "https://b.example/")
                val lanes = urls.flatMapIndexed { index, url ->
                    List(3) { own.decided(requester, url, start.plusSeconds(10L * (index + 1) + it)) }
                        .map { own.deliveriesOf(it).single().lane }.distinct()
                }
                own.deliveries.lanesDue(now) shouldContainExactly lanes
                own.deliveries.lanesDue(start.plusSeconds(20)) shouldContainExactly lanes.take(2)
                own.deliveries.lease(mapOf(lanes[1] to 3, lanes[0] to 1), now, until).size shouldBe 4
                own.deliveries.lanesDue(now) shouldContainExactly listOf(lanes[0], lanes[2])
                own.deliveries.lanesDue(until) shouldContainExactly lanes
                own.deliveries.areOwed() shouldBe true
            }
        }

        test("a lease takes the longest due first, as many as wanted, and each once") {
            val owed = owed(5)
            lease(owed[0].lane, 2) shouldContainExactly owed.take(2)
            lease(owed[0].lane, 2) shouldContainExactly owed.drop(2).take(2)
            lease(owed[0].lane, 2) shouldContainExactly owed.drop(4)
            lease(owed[0].lane, 2).shouldBeEmpty()
        }

        test("of many who lease at once nobody gets what another has") {
            val owed = owed(20)
            val leased = coroutineScope { List(8) { async(Dispatchers.IO) { lease(owed[0].lane, 5) } }.awaitAll() }.flatten()
            leased.map { it.id } shouldContainExactlyInAnyOrder owed.map { it.id }
        }

        test("a lease that is over, or was taken back, may be taken again") {
            val owed = owed().single()
            lease(owed.lane).size shouldBe 1
            deliveries.lease(mapOf(owed.lane to 1), until, until.plusSeconds(60)) shouldContainExactly listOf(owed)
            deliveries.takeBackLeases()
            lease(owed.lane) shouldContainExactly listOf(owed)
        }

        test("the leases of what is being sent stay when others are taken back") {
            val owed = owed(2)
            lease(owed[0].lane, 2).size shouldBe 2
            deliveries.takeBackLeases(except = setOf(owed[0].id))
            lease(owed[0].lane, 2) shouldContainExactly listOf(owed[1])
        }

        test("an attempt is stored with how it goes on; whoever lost the lease stores nothing") {
            val owed = owed().single()
            val later = now.plusSeconds(5)
            lease(owed.lane)
            deliveries.record(owed, until, attempt(500), Next(DeliveryState.PENDING, later)).shouldBeNull()
            val failed = owed.copy(nextAt = later, attempts = 1, failures = 1)
            deliveries.delivery(owed.id) shouldBe failed
            deliveries.record(owed, until, attempt(200), Next(DeliveryState.DELIVERED, null)).shouldBeNull()
            deliveries.delivery(owed.id) shouldBe failed

            deliveries.lease(mapOf(owed.lane to 1), later, later.plusSeconds(60)) shouldContainExactly listOf(failed)
            deliveries.record(failed, later.plusSeconds(60), attempt(200, later), Next(DeliveryState.DELIVERED, null)).shouldBeNull()
            deliveries.delivery(owed.id) shouldBe
                failed.copy(state = DeliveryState.DELIVERED, nextAt = null, attempts = 2, endedAt = later.plusMillis(12))
            deliveries.attempts(owed.id, 100) shouldContainExactly listOf(attempt(500), attempt(200, later))
            deliveries.attempts(owed.id, 1) shouldContainExactly listOf(attempt(200, later))
        }

        test("since when an endpoint fails is kept from the first failure to the next success") {
            val requester = stores.requester()
            val endpoint = stores.endpointOf(requester)
            suspend fun tried(status: Int?, atSecond: Long) = stores.deliveriesOf(stores.decided(requester)).single().let {
                lease(it.lane)
                deliveries.record(it, until, attempt(status, start.plusSeconds(atSecond)), Next(DeliveryState.FAILED, null))
            }
            tried(500, 10) shouldBe start.plusSeconds(10)
            tried(null, 20) shouldBe start.plusSeconds(10)
            stores.endpoints.endpoint(endpoint.id)?.failingSince shouldBe start.plusSeconds(10)
            tried(204, 30).shouldBeNull()
            stores.endpoints.endpoint(endpoint.id) shouldBe endpoint
        }

        test("what is being sent when its endpoint is disabled is held when it fails, and when its lease is taken back") {
            val requester = stores.requester()
            val endpoint = stores.endpointOf(requester)
            val both = List(2) { stores.deliveriesOf(stores.decided(requester)).single() }
            lease(endpoint.id).size shouldBe 2
            stores.endpoints.disable(endpoint.id, now, "tired")
            deliveries.delivery(both[0].id)?.state shouldBe DeliveryState.PENDING
            deliveries.record(both[0], until, attempt(500), Next(DeliveryState.PENDING, now.plusSeconds(5)))
            deliveries.takeBackLeases()
            both.forEach { deliveries.delivery(it.id)?.state shouldBe DeliveryState.HELD }
        }

        test("redelivering makes it due now, with the whole schedule before it, unless it is being sent or held") {
            val owed = owed().single()
            lease(owed.lane)
            deliveries.redeliver(owed.id, now) shouldBe true
            deliveries.delivery(owed.id) shouldBe owed
            deliveries.record(owed, until, attempt(410), Next(DeliveryState.FAILED, null))
            deliveries.redeliver(owed.id, now) shouldBe true
            deliveries.delivery(owed.id) shouldBe owed.copy(nextAt = now, attempts = 1)
            deliveries.redeliver(ids.delivery(), now) shouldBe false

            val requester = stores.requester()
            val endpoint = stores.endpointOf(requester)
            val held = stores.deliveriesOf(stores.decided(requester)).single()
            stores.endpoints.disable(endpoint.id, now, "tired")
            deliveries.redeliver(held.id, now) shouldBe true
            deliveries.delivery(held.id)?.state shouldBe DeliveryState.HELD
        }

        test("a list is newest first, filtered, and goes on after a position; a count, and the oldest, are by state") {
            fresh().use { own ->
                val requester = own.requester()
                val endpoint = own.endpointOf(requester)
                val records = List(4) { own.decided(requester, "https://a.example/", start.plusSeconds(it / 2L)) }
                own.decided(own.requester(), "https://b.example/")
                val all = own.deliveries.deliveries(DeliveryQuery(requester.id, limit = 100))
                all shouldContainExactly all.sortedWith(compareBy({ it.createdAt }, { it.id })).reversed()
                all.size shouldBe 8
                val pages =
                    generateSequence(all.take(3)) { page -> page.ifEmpty { null }?.let { all.drop(all.indexOf(it.last()) + 1).take(3) } }
                pages.zipWithNext().takeWhile { it.first.isNotEmpty() }.forEach { (page, next) ->
                    val position = Position(page.last().createdAt, page.last().id)
                    own.deliveries.deliveries(DeliveryQuery(requester.id, olderThan = position, limit = 3)) shouldContainExactly next
                }
                own.deliveries.deliveries(DeliveryQuery(endpointId = endpoint.id, limit = 100)).size shouldBe 4
                own.deliveries.deliveries(DeliveryQuery(approvalId = records[0].id, limit = 100)).size shouldBe 2
                own.deliveries.deliveries(DeliveryQuery(state = DeliveryState.FAILED, limit = 100)).shouldBeEmpty()
                own.deliveries.count(DeliveryState.PENDING, 100) shouldBe 9
                own.deliveries.count(DeliveryState.PENDING, 5) shouldBe 5
                own.deliveries.count(DeliveryState.HELD, 5) shouldBe 0
                own.deliveries.oldest(DeliveryState.PENDING) shouldBe own.deliveries.deliveries(DeliveryQuery(limit = 100)).last().createdAt
                own.deliveries.oldest(DeliveryState.HELD).shouldBeNull()
            }
        }
    })
