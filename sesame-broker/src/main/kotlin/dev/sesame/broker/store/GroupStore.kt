package dev.sesame.broker.store

import dev.sesame.broker.access.Group
import dev.sesame.rules.Electorate
import java.time.Instant

/** Groups of approvers, and who may answer. Whatever changes that gives the electorate a new version. */
internal interface GroupStore {
    /** Stores a group with its members; `false` where another one that hasn't ended has the name. */
    suspend fun add(group: Group): Boolean

    /** All of them, ended ones too, oldest first. */
    suspend fun groups(): List<Group>

    /** Ends a group: nobody is in it any more, and its name is free; `false` where there is none. Again: no change. */
    suspend fun revokeGroup(id: String, at: Instant): Boolean

    /** Puts an approver into a group; `false` where there is no such group, or no such active approver. Again: no change. */
    suspend fun addMember(groupId: String, approverId: String, at: Instant): Boolean

    /** Takes an approver out of a group; `false` where they weren't in it. */
    suspend fun removeMember(groupId: String, approverId: String, at: Instant): Boolean

    /** The names of the groups that this approver is in. */
    suspend fun groupsOf(approverId: String): Set<String>

    /** Who may answer now. What changed after this was read makes `ApprovalStore.commit` refuse what was judged by it. */
    suspend fun electorate(): Electorate
}
