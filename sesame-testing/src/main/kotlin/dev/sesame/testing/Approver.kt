package dev.sesame.testing

import dev.sesame.Answer
import dev.sesame.Approval
import dev.sesame.rules.toProblem
import dev.sesame.testing.internal.Desk
import dev.sesame.testing.internal.Member
import dev.sesame.testing.internal.Script
import dev.sesame.testing.internal.StrictJson
import dev.sesame.testing.internal.Verdict
import kotlinx.serialization.json.JsonObject
import java.time.Duration

/**
 * A person who answers when the test says so, now or in advance; silent otherwise.
 *
 * Nobody answers requests of test mode: these say themselves what is answered (`TestDecision`).
 */
public class Approver internal constructor(private val desk: Desk, internal val member: Member) {
    /** What people call them; a decision names them so. */
    public val name: String get() = member.person.name.orEmpty()

    /** Their token, `at_…`: for dev.sesame.Approvers, or to answer over HTTP. */
    public val token: String get() = member.token

    /** Says yes to [approval]; returns it as it stands then. `IllegalStateException` where it can't be answered any more. */
    @JvmOverloads
    public fun approves(approval: Approval, note: String? = null): Approval = approves(approval.id, note)

    /** The same for the approval of that [id]. */
    @JvmOverloads
    public fun approves(id: String, note: String? = null): Approval = answers(id, Answer.APPROVE, note)

    /**
     * Says yes to [contextJson] in place of what was asked: the whole object, of which only the values of editable fields may differ.
     * `IllegalStateException` where it differs elsewhere, or can't be answered any more.
     */
    @JvmOverloads
    public fun approvesEdited(id: String, contextJson: String, note: String? = null): Approval =
        answers(id, Answer.APPROVE, note, StrictJson.objectOf(contextJson))

    /** Gives people more time: it expires [expiresIn] from now. `IllegalStateException` where that isn't allowed, as the broker's default has it. */
    public fun extends(id: String, expiresIn: Duration): Approval = outcome(id, desk.extend(id, member, expiresIn) { true })

    /** Is in that group from now on; a group is made with its first member. */
    public fun joins(group: String): Unit = desk.access.move(member, group, isIn = true)

    /** Is in that group no more: answers given before count no more either. */
    public fun leaves(group: String): Unit = desk.access.move(member, group, isIn = false)

    /** Is no approver any more: neither the token nor any answer of theirs to what is pending counts. */
    public fun isRemoved(): Unit = desk.access.remove(member)

    /** Says no to [approval]; returns it as it stands then. `IllegalStateException` where it can't be answered any more. */
    @JvmOverloads
    public fun denies(approval: Approval, note: String? = null): Approval = denies(approval.id, note)

    /** The same for the approval of that [id]. */
    @JvmOverloads
    public fun denies(id: String, note: String? = null): Approval = answers(id, Answer.DENY, note)

    /** Says yes at once to what is pending and to all that will be asked, as far as [only] fits; what was told first counts first. */
    @JvmOverloads
    public fun approvesAll(note: String? = null, only: (Approval) -> Boolean = { true }): Unit =
        desk.follow(Script(member, Answer.APPROVE, note, only))

    /** Says no at once to what is pending and to all that will be asked, as far as [only] fits; what was told first counts first. */
    @JvmOverloads
    public fun deniesAll(note: String? = null, only: (Approval) -> Boolean = { true }): Unit =
        desk.follow(Script(member, Answer.DENY, note, only))

    /** Takes back what was told in advance. */
    public fun staysSilent(): Unit = desk.forget(member)

    /** For logs: never the token. */
    override fun toString(): String = "Approver($name)"

    private fun answers(id: String, answer: Answer, note: String?, context: JsonObject? = null): Approval =
        outcome(id, desk.vote(id, member, answer, Desk.INBOX, note?.takeIf { it.isNotBlank() }, context) { true })

    private fun outcome(id: String, verdict: Verdict?): Approval {
        val record = verdict?.record ?: throw IllegalStateException("$name can't answer $id: this broker knows no such approval")
        val approval = desk.document(record)
        verdict.refusal?.let { throw IllegalStateException("$name can't answer: ${it.toProblem(approval, verdict.fields).detail}") }
        return approval
    }
}
