package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.Vote

/** Whether [votes] suffice. They are tallied anew at every vote: only those count whose people are active and asked still. */
internal fun Question.isApprovedBy(votes: List<Vote>, electorate: Electorate, asker: String?): Boolean {
    val voters = electorate.voters(this, asker)
    return isMetBy(votes.filter { it.vote == Answer.APPROVE }.map { it.by.id }.filter { it in voters }.toSet(), electorate)
}

/**
 * Why nobody could ever approve this question, with all who may answer as they are now; empty where they could.
 *
 * [asker] is the person who stands behind it.
 */
public fun Question.unreachable(electorate: Electorate, asker: String?): List<FieldProblem> {
    val unknown = (groups + escalation?.groups.orEmpty()).distinct().filter { it !in electorate.groups }
    if (unknown.isNotEmpty()) {
        val wants = if (asked == null) "names" else "names, together with the rule \"$rule\","
        return listOf(FieldProblem("groups", "$wants what is no group here: ${unknown.joinToString()}"))
    }
    val voters = electorate.voters(withAllWhoMayBeAsked(), asker)
    return when {
        isMetBy(voters, electorate) -> emptyList()

        voters.size < approvalsRequired ->
            listOf(FieldProblem("approvals_required", "is $approvalsRequired, but of all people here ${voters.size} may approve it"))

        else -> listOf(FieldProblem("approvals_per_group", "asks for more people than there are: each counts for one group only"))
    }
}

/** Whether these [people] suffice: so many in all, and for each group so many of its own, nobody counted for two groups. */
private fun Question.isMetBy(people: Set<String>, electorate: Electorate): Boolean {
    if (people.size < approvalsRequired) return false
    val placed = HashMap<Place, String>()
    return approvalsPerGroup.all { (group, count) ->
        (1..count).all { number -> placed.seat(Place(group, number), people, electorate, mutableSetOf()) }
    }
}

/** One of the approvals that a group must give. */
private data class Place(val group: String, val number: Int)

/**
 * Finds somebody for [place], moving those who sit elsewhere where that frees one: the augmenting paths of bipartite matching. There are at
 * most ten places, so it goes at most ten deep.
 */
private fun HashMap<Place, String>.seat(place: Place, people: Set<String>, electorate: Electorate, tried: MutableSet<String>): Boolean =
    people.any { person ->
        place.group in electorate.groupsOf.getValue(person) && tried.add(person) && run {
            val elsewhere = entries.find { it.value == person }?.key
            val isFree = elsewhere == null || seat(elsewhere, people, electorate, tried)
            if (isFree) this[place] = person
            isFree
        }
    }
