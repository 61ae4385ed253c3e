package dev.sesame.rules

/**
 * Who may answer, as it is now: a fact for the rules, read together with the approval.
 *
 * @property groupsOf the active approvers by their ids, each with the groups they are in; who was removed isn't among them.
 * @property groups the groups that there are, those without anybody too.
 * @property version grows with every change of these facts, where somebody counts; the rules don't look at it.
 */
public data class Electorate(val groupsOf: Map<String, Set<String>>, val groups: Set<String> = emptySet(), val version: Long = 0) {
    /** Whether the approver with that id is active. */
    public fun isActive(approverId: String): Boolean = approverId in groupsOf

    /** Whether that approver is active and in one of the groups that [question] asks; where it names none, everybody is asked. */
    public fun isAsked(approverId: String, question: Question): Boolean {
        val theirs = groupsOf[approverId] ?: return false
        return question.groups.isEmpty() || question.groups.any { it in theirs }
    }

    /** Everybody whose approval of [question] counts; [asker] is the person who stands behind it. */
    internal fun voters(question: Question, asker: String?): Set<String> =
        groupsOf.keys.filter { isAsked(it, question) && !question.isKeptFrom(it, asker) }.toSet()
}

/** Whether [personId] stands behind the question, and so may not answer it. */
internal fun Question.isKeptFrom(personId: String, asker: String?): Boolean = personId == asker && !allowSelf
