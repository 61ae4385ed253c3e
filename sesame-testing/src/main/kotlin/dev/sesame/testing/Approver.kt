package dev.sesame.testing

import dev.sesame.Answer
import dev.sesame.Approval
import dev.sesame.rules.toProblem
import dev.sesame.testing.internal.Desk
import dev.sesame.testing.internal.Member
import dev.sesame.testing.internal.Script

/**
 * A person who answers when the test says so, now or in advance; silent otherwise.
 *
 * Nobody answers requests of test mode: these say themselves what is answered (`TestDecision`).
 */
public class Approver internal constructor(private val desk: Desk, private val member: Member) {
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

    private fun answers(id: String, answer: Answer, note: String?): Approval {
        val verdict = desk.vote(id, member, answer, Desk.INBOX, note?.takeIf { it.isNotBlank() }) { true }
            ?: throw IllegalStateException("$name can't answer $id: this broker knows no such approval")
        val approval = desk.document(verdict.record)
        verdict.refusal?.let { throw IllegalStateException("$name can't answer: ${it.toProblem(approval).detail}") }
        return approval
    }
}
