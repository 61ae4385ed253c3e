package dev.sesame.broker.http

import dev.sesame.broker.Approving
import dev.sesame.broker.TestBroker
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

private fun JsonObject.members() = getValue("members").jsonArray.map { it.jsonObject.getValue("name").jsonPrimitive.content }

class GroupHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val admin = broker.admin

        fun add(name: String) = admin.post("/v1/admin/groups", "name" to name)

        fun move(id: String?, how: String, who: Approving) = admin.post("/v1/admin/groups/$id/$how", "approver" to who.name)

        test("a group is added once, filled, emptied and ended; then its name is free") {
            val group = add("finance")
            val id = group.text("id")
            add("finance") shouldBeRefusedWith (409 to "name_taken")
            val (ann, bob) = List(2) { broker.approver() }
            move(id, "add-member", ann)
            move(id, "add-member", bob).json.members() shouldContainExactly listOf(ann.name, bob.name)
            move(id, "remove-member", ann).json.members() shouldContainExactly listOf(bob.name)
            move(id, "remove-member", ann) shouldBeRefusedWith (404 to "not_found")
            repeat(2) { admin.post("/v1/admin/groups/$id/revoke").status shouldBe 200 }
            move(id, "add-member", ann) shouldBeRefusedWith (404 to "not_found")
            add("finance").status shouldBe 201
        }

        test("who was removed is a member of nothing") {
            val id = add("security").text("id")
            val ann = broker.approver()
            move(id, "add-member", ann)
            admin.post("/v1/admin/approvers/${ann.id}/revoke").status shouldBe 200
            admin.get("/v1/admin/groups").list("groups").single { it["id"]?.jsonPrimitive?.content == id }.members() shouldBe emptyList()
            move(id, "add-member", ann) shouldBeRefusedWith (404 to "not_found")
        }

        test("an approver is made with groups, which the list tells; one that isn't there makes nobody") {
            add("legal")
            val made = admin.post("/v1/admin/approvers", "name" to "Lea", "groups" to listOf("legal"))
            made.at("groups").toString() shouldBe """["legal"]"""
            admin.get("/v1/admin/approvers").list("approvers").last()["groups"].toString() shouldBe """["legal"]"""
            admin.post("/v1/admin/approvers", "name" to "Leo", "groups" to listOf("legal", "none")).wrongFields shouldContainExactly
                listOf("groups")
            admin.get("/v1/admin/approvers").text.contains("Leo") shouldBe false
        }

        test("only admins do any of it") {
            val id = add("board").text("id")
            val approver = broker.approver()
            listOf(approver.http, broker.requester().http).forEach { caller ->
                caller.get("/v1/admin/groups") shouldBeRefusedWith (403 to "forbidden")
                caller.post("/v1/admin/groups", "name" to "mine") shouldBeRefusedWith (403 to "forbidden")
                listOf("revoke", "add-member", "remove-member").forEach {
                    caller.post("/v1/admin/groups/$id/$it", "approver" to approver.id) shouldBeRefusedWith (403 to "forbidden")
                }
            }
        }
    })
