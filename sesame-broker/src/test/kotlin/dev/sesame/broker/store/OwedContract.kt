package dev.sesame.broker.store

import dev.sesame.Answer
import dev.sesame.broker.delivery.DeliveryState
import dev.sesame.rules.Command
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

/** What every adapter of [ApprovalStore] promises about what decisions owe. */
internal abstract class OwedContract(fresh: () -> Stores) :
    FunSpec({
        val stores = autoClose(fresh())
        val callback = "https://caller.example/back"

        test("each way to decide owes one delivery for each URL, due at once; to the endpoint where both name one") {
            val requester = stores.requester()
            val other = stores.endpointOf(requester)
            val same = stores.endpointOf(requester, callback)
            stores.endpointOf(stores.requester())
            val expiry = start.plusSeconds(4_000)
            listOf(
                vote(stores.approver()) to start.plusSeconds(1),
                vote(stores.approver(), Answer.DENY) to start.plusSeconds(1),
                Command.Cancel to start.plusSeconds(1),
                Command.Expire to expiry,
            ).forEach { (command, at) ->
                val owed = stores.deliveriesOf(stores.decided(requester, callback, at, command))
                owed.map { it.url to it.endpointId } shouldContainExactlyInAnyOrder listOf(callback to same.id, other.url to other.id)
                owed.forEach { (it.state to it.nextAt) shouldBe (DeliveryState.PENDING to at) }
            }
        }

        test("of many that are decided at once each owes its own") {
            val (one, other) = List(2) { stores.requester().also { requester -> stores.endpointOf(requester) } }
            val asked = stores.openedTogether(20, one) + stores.openedTogether(20, other)
            coroutineScope { asked.map { async { stores.approvals.commit(1, it.after(Command.Cancel), start) } }.awaitAll() }
            asked.forEach { stores.deliveriesOf(it).map { owed -> owed.requesterId } shouldBe listOf(it.question.requesterId) }
        }

        test("a callback URL without an endpoint is owed by itself; without either nothing is") {
            val requester = stores.requester()
            val owed = stores.deliveriesOf(stores.decided(requester, callback)).single()
            (owed.url to owed.endpointId) shouldBe (callback to null)
            stores.deliveriesOf(stores.decided(requester)).shouldBeEmpty()
        }

        test("one URL written in several ways is one URL") {
            val requester = stores.requester()
            val endpoint = stores.endpointOf(requester, "https://hooks.example/")
            listOf("HTTPS://Hooks.Example", "https://hooks.example:443/", "https://hooks.example/#top").forEach {
                stores.deliveriesOf(stores.decided(requester, it)).single().endpointId shouldBe endpoint.id
            }
            stores.deliveriesOf(stores.decided(requester, "https://hooks.example/?a=b")).size shouldBe 2
        }

        test("a vote that doesn't decide, a claim and a refused commit owe nothing") {
            val requester = stores.requester().also { stores.endpointOf(it) }
            val asked = stores.opened(question(requester, approvalsRequired = 2))
            val voted = asked.after(vote(stores.approver()))
            stores.approvals.commit(1, voted, start) shouldBe true
            stores.approvals.commit(1, asked.after(Command.Cancel), start) shouldBe false
            stores.deliveriesOf(asked).shouldBeEmpty()

            val approved = stores.decided(requester, command = vote(stores.approver()))
            val claim = Command.TakeClaim("c".repeat(22), java.time.Duration.ofSeconds(60), approved.contextHash)
            stores.approvals.commit(approved.version, approved.after(claim), start) shouldBe true
            stores.deliveriesOf(approved).size shouldBe 1
        }

        test("a disabled endpoint is owed nothing, but what its URL is asked to get as a callback is held for it") {
            val requester = stores.requester()
            val endpoint = stores.endpointOf(requester, callback)
            stores.endpoints.disable(endpoint.id, start, "tired") shouldBe true
            stores.deliveriesOf(stores.decided(requester)).shouldBeEmpty()
            val held = stores.deliveriesOf(stores.decided(requester, callback)).single()
            (held.endpointId to held.state) shouldBe (endpoint.id to DeliveryState.HELD)
        }

        test("deliveries and their attempts are forgotten with their approval") {
            fresh().use { own ->
                val requester = own.requester()
                val old = own.decided(requester, callback, at = start.plusSeconds(1))
                val young = own.decided(requester, callback, at = start.plusSeconds(100))
                val delivery = own.deliveriesOf(old).single()
                val until = start.plusSeconds(60)
                own.deliveries.lease(mapOf(delivery.lane to 1), start.plusSeconds(2), until) shouldContainExactly listOf(delivery)
                own.deliveries.record(delivery, until, attempt(200), Next(DeliveryState.DELIVERED, null)).shouldBeNull()
                own.approvals.forget(start.plusSeconds(50), 100, start.plusSeconds(50)) shouldBe 1
                own.deliveriesOf(old).shouldBeEmpty()
                own.deliveries.attempts(delivery.id, 100).shouldBeEmpty()
                own.deliveriesOf(young).size shouldBe 1
            }
        }
    })
