package dev.sesame.rules

/** What the rules answer to a command. */
public sealed interface Ruling {
    /** What must be stored first; `null` where nothing changes. A refusal may carry one: a late vote expires the question. */
    public val transition: Transition?

    /** It is so: after [transition], or already before. */
    public data class Granted(override val transition: Transition?) : Ruling

    /** It is not to be; [fields] say what is wrong with what was sent, where it is that. */
    public data class Refused(
        val refusal: Refusal,
        override val transition: Transition? = null,
        val fields: List<FieldProblem> = emptyList(),
    ) : Ruling

    /** Time came first: store [transition], then judge the same command again, on what that left. */
    public data class TimeFirst(override val transition: Transition) : Ruling
}

/**
 * One step in an approval's life: what it is afterwards, and what happened. Where two things happen at once, [before] is the first of them: a
 * question that a policy decides is asked and decided in one.
 */
public data class Transition(val after: ApprovalRecord, val event: Event, val before: Transition? = null) {
    /** All that happens in it, in its order. */
    val steps: List<Transition> get() = before?.steps.orEmpty() + this
}

/** What happened to an approval, one per transition; the feed, the audit and the deliveries follow these. */
public enum class Event {
    OPENED,
    VOTED,
    APPROVED,
    DENIED,
    EXPIRED,
    CANCELLED,
    EXTENDED,
    ESCALATED,
    CLAIMED,
    RENEWED,
    REPORTED,
    SETTLED,
    REDACTED,
    ;

    /** Whether this ended the question. */
    public val isDecision: Boolean get() = this == APPROVED || this == DENIED || this == EXPIRED || this == CANCELLED
}

/** Why a command is refused; the names are the wire's codes in capitals. */
public enum class Refusal {
    DEDUP_CONFLICT,
    FORBIDDEN,
    ALREADY_DECIDED,
    SELF_APPROVAL,
    NOT_IN_GROUP,
    NOT_EDITABLE,
    INVALID,
    NOT_APPROVED,
    CONTEXT_MISMATCH,
    APPROVAL_LAPSED,
    ALREADY_CLAIMED,
    ALREADY_EXECUTED,
    OUTCOME_UNKNOWN,
    CLAIM_LOST,
}
