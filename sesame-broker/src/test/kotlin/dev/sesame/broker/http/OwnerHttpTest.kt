package dev.sesame.broker.http

import dev.sesame.broker.Approving
import dev.sesame.broker.Http
import dev.sesame.broker.Requesting
import dev.sesame.broker.TestBroker
import dev.sesame.broker.groupOf
import dev.sesame.broker.store.ids
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

class OwnerHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())

        fun ownedBy(owner: Approving, vararg more: Pair<String, Any?>): Requesting {
            val name = "owned ${ids.requester()}"
            broker.admin.post("/v1/admin/requesters", "name" to name, "owner" to owner.name, *more).also {
                (it.status to it.text("owner")) shouldBe (201 to owner.name)
            }
            val key = broker.admin.post("/v1/admin/keys", "requester" to name)
            return Requesting(name, key.text("id")!!, Http(broker.url, key.text("key")))
        }

        test("who stands behind the requester neither approves nor denies nor gives more time; others do") {
            val owner = broker.approver()
            val id = ownedBy(owner).asked()
            listOf("approve", "deny").forEach { owner.decide(id, it) shouldBeRefusedWith (403 to "self_approval") }
            owner.http.post("/v1/approvals/$id/extend", "expires_in" to 100_000) shouldBeRefusedWith (403 to "self_approval")
            broker.approver().approve(id).text("status") shouldBe "approved"
        }

        test("with allow_self they answer as anybody does, and count for the quorum") {
            val owner = broker.approver()
            val requester = ownedBy(owner, "allow_self" to true)
            owner.approve(requester.asked()).text("status") shouldBe "approved"
            val id = requester.asked("approvals_required" to 2)
            owner.approve(id).text("status") shouldBe "pending"
            broker.approver().approve(id).text("status") shouldBe "approved"
        }

        test("a quorum that only the owner could complete is refused") {
            val (owner, other) = List(2) { broker.approver() }
            val group = broker.groupOf(owner, other)
            val requester = ownedBy(owner)
            requester.ask("groups" to listOf(group), "approvals_required" to 2).wrongFields shouldContainExactly
                listOf("approvals_required")
            requester.ask("groups" to listOf(broker.groupOf(owner))).wrongFields shouldContainExactly listOf("approvals_required")
            requester.ask("groups" to listOf(group)).status shouldBe 201
        }

        test("an owner is an active approver, by name or id") {
            val removed = broker.approver().also { broker.admin.post("/v1/admin/approvers/${it.id}/revoke") }
            listOf("nobody", removed.name, removed.id).forEach {
                broker.admin.post("/v1/admin/requesters", "name" to "never made", "owner" to it).wrongFields shouldContainExactly
                    listOf("owner")
            }
            val owner = broker.approver()
            broker.admin.post("/v1/admin/requesters", "name" to "made by id", "owner" to owner.id).text("owner") shouldBe owner.name
            broker.admin.post("/v1/admin/requesters", "name" to "without").text("allow_self") shouldBe "false"
        }
    })
