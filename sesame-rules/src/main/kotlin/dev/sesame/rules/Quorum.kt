package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.Vote

/** How far the approvals of a question got, with the people as they are at one moment. */
public class Tally internal constructor(
    /** The ids of those whose approval counts. */
    public val counted: Set<String>,
    /** For each group of which so many must approve, the ids of those who are counted for it; nobody is counted for two. */
    public val perGroup: Map<String, Set<String>>,
)

/** Tallies [votes]: only those count whose people are active and asked still. [asker] is the person who stands behind the question. */
public fun Question.tally(votes: List<Vote>, electorate: Electorate, asker: String?): Tally {
    val voters = electorate.voters(this, asker)
    val counted = votes.filter { it.vote == Answer.APPROVE }.map { it.by.id }.filter { it in voters }.toSet()
    val placed = placed(counted, electorate)
    return Tally(counted, approvalsPerGroup.keys.associateWith { group -> placed.filterKeys { it.group == group }.values.toSet() })
}

/** Whether the approval of that person alone is enough, as people are now: then they may change it, too. */
public fun Question.isDecidedBy(personId: String, electorate: Electorate, asker: String?): Boolean =
    isMetBy(electorate.voters(this, asker) intersect setOf(personId), electorate)

/** Whether [votes] suffice. They are tallied anew at every vote. */
internal fun Question.isApprovedBy(votes: List<Vote>, electorate: Electorate, asker: String?): Boolean =
    isMetBy(tally(votes, electorate, asker).counted, electorate)

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
private fun Question.isMetBy(people: Set<String>, electorate: Electorate): Boolean =
    people.size >= approvalsRequired && placed(people, electorate).size == approvalsPerGroup.values.sum()

/** As many of these [people] as can be on the places of the groups, each on one. */
private fun Question.placed(people: Set<String>, electorate: Electorate): Map<Place, String> {
    val placed = HashMap<Place, String>()
    approvalsPerGroup.forEach { (group, count) ->
        (1..count).forEach { number -> placed.seat(Place(group, number), people, electorate, mutableSetOf()) }
    }
    return placed
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
