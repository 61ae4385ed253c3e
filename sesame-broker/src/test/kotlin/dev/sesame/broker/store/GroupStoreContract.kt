package dev.sesame.broker.store

import dev.sesame.broker.access.Group
import dev.sesame.broker.access.Requester
import dev.sesame.broker.access.Role
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

/** What every adapter of [GroupStore] promises. */
internal abstract class GroupStoreContract(private val fresh: () -> Stores) : FunSpec() {
    private suspend fun Stores.group(name: String, vararg memberIds: String) =
        Group(ids.group(), name, start, memberIds = memberIds.toList()).also { access.add(it) shouldBe true }

    init {
        val stores = autoClose(fresh())
        val access = stores.access

        test("a group is there with its members, also after a restart; its name is taken until it ends") {
            val (ann, bob) = List(2) { stores.approver() }
            val group = stores.group("finance", ann.id)
            access.add(group.copy(id = ids.group())) shouldBe false
            access.addMember(group.id, bob.id, start.plusSeconds(1)) shouldBe true
            stores.reopen()
            access.groups().find { it.id == group.id } shouldBe group.copy(memberIds = listOf(ann.id, bob.id))
            access.groupsOf(bob.id) shouldBe setOf("finance")

            access.revokeGroup(group.id, start.plusSeconds(2)) shouldBe true
            access.revokeGroup(group.id, start.plusSeconds(3)) shouldBe true
            access.groups().find { it.id == group.id } shouldBe group.copy(memberIds = emptyList(), revokedAt = start.plusSeconds(2))
            access.groupsOf(ann.id).shouldBeEmpty()
            stores.group("finance")
            access.revokeGroup(ids.group(), start) shouldBe false
        }

        test("only who is an approver joins, and only what is a group takes members") {
            val group = stores.group("security")
            val removed = stores.approver().also { access.revokeApprover(it.id, start) }
            val ann = stores.approver()
            access.addMember(group.id, removed.id, start) shouldBe false
            access.addMember(group.id, ids.approver(), start) shouldBe false
            access.addMember(ids.group(), ann.id, start) shouldBe false
            val ended = stores.group("board").also { access.revokeGroup(it.id, start) }
            access.addMember(ended.id, ann.id, start) shouldBe false
            repeat(2) { access.addMember(group.id, ann.id, start) shouldBe true }
            access.groups().find { it.id == group.id }?.memberIds shouldBe listOf(ann.id)
        }

        test("who leaves is in no group any more, and can't leave twice") {
            val ann = stores.approver()
            val group = stores.group("legal", ann.id)
            access.removeMember(group.id, ann.id, start) shouldBe true
            access.removeMember(group.id, ann.id, start) shouldBe false
            access.groupsOf(ann.id).shouldBeEmpty()
        }

        test("the electorate is who is active, each with their groups, and the groups that there are") {
            fresh().use { own ->
                val (ann, bob) = List(2) { own.approver() }
                own.approver().also { own.access.revokeApprover(it.id, start) }
                own.group("empty")
                own.group("over", bob.id).also { own.access.revokeGroup(it.id, start) }
                own.group("one", ann.id)
                own.group("two", ann.id)
                val electorate = own.access.electorate()
                electorate.groupsOf shouldBe mapOf(ann.id to setOf("one", "two"), bob.id to emptySet())
                electorate.groups shouldBe setOf("empty", "one", "two")
            }
        }

        test("whatever lets others answer gives it a new version, and what doesn't keeps it") {
            fresh().use { own ->
                own.approver(Role.ADMIN)
                val (ann, bob) = List(2) { own.approver() }
                val group = own.group("one", ann.id)
                val versions = mutableListOf(own.access.electorate().version)
                suspend fun after(change: suspend () -> Unit) {
                    change()
                    versions += own.access.electorate().version
                }
                after { own.approver() }
                own.access.electorate().groupsOf.size shouldBe 4
                after { own.access.addMember(group.id, bob.id, start) }
                after { own.access.removeMember(group.id, ann.id, start) }
                after { own.access.revokeApprover(bob.id, start) }
                after { own.access.revokeGroup(group.id, start) }
                versions.toSet().size shouldBe versions.size
                versions.sorted() shouldContainExactly versions
                after { own.requester() }
                after { own.access.removeMember(group.id, ann.id, start) }
                versions.takeLast(3).toSet().size shouldBe 1
            }
        }

        test("a requester's owner may be let answer") {
            val owner = stores.approver()
            val requester = Requester(ids.requester(), "self-made", owner.id, start, allowSelf = true)
            access.add(requester) shouldBe true
            access.requester(requester.id) shouldBe requester
        }
    }
}
