package dev.sesame.broker.simulation

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Group
import dev.sesame.broker.store.Stores
import dev.sesame.broker.store.ids
import dev.sesame.broker.store.start

/** The people that there are, and their groups; who was removed in one history is replaced for the next. */
internal class Staff(private val stores: Stores, val owner: Approver, private val groups: Map<String, String>) {
    val people = ArrayList<Approver>()

    suspend fun complete() {
        people.retainAll(people.filter { stores.access.isActive(it.id) })
        while (people.size < SIZE) people += stores.approver()
        people.forEachIndexed { index, person -> groups.keys.forEach { move(person.id, it, isIn = index in MEMBERS.getValue(it)) } }
    }

    suspend fun move(personId: String, group: String, isIn: Boolean) {
        val id = groups.getValue(group)
        if (isIn) stores.access.addMember(id, personId, start) else stores.access.removeMember(id, personId, start)
    }

    companion object {
        val MEMBERS = mapOf("engineering" to 0..1, "security" to 1..2)
        private const val SIZE = 4

        suspend fun of(stores: Stores): Staff {
            val groups = MEMBERS.keys.associateWith { name -> ids.group().also { stores.access.add(Group(it, name, start)) } }
            return Staff(stores, stores.approver(), groups)
        }
    }
}
