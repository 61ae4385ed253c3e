package dev.sesame.rules

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** What a policy says of a question: that it may be, that people must be asked, or that it may not be. */
public data class PolicyRuling(
    val effect: PolicyEffect,
    val code: PolicyCode,
    /** For people; it quotes nothing of what was asked. */
    val reason: String,
    /** The name of the rule that made it so; `null` where none did. */
    val rule: String? = null,
    /** What holds for the asking, where people must be asked. */
    val terms: ApprovalTerms = ApprovalTerms(),
    /** What of the context is hidden where, whatever the effect. */
    val redactions: List<Redaction> = emptyList(),
) {
    /** Whether people are asked about [question]: also where this would permit it, but the caller says who must approve, or how many. */
    public fun asks(question: Question): Boolean = when (effect) {
        PolicyEffect.REQUIRE_APPROVAL -> true
        PolicyEffect.PERMIT -> question.demandsPeople
        PolicyEffect.DENY -> false
    }

    public companion object {
        /** Where no rule says anything: people are asked. */
        public val NO_RULE: PolicyRuling =
            PolicyRuling(PolicyEffect.REQUIRE_APPROVAL, PolicyCode.NO_RULE, "no rule says otherwise, so people are asked")

        /** What the rule of that name permits, for a [reason] of its own or because it does. */
        public fun permit(rule: String, reason: String?): PolicyRuling =
            PolicyRuling(PolicyEffect.PERMIT, PolicyCode.RULE_PERMITS, reason ?: "the rule \"$rule\" permits it", rule)

        /** What the rule of that name denies, for a [reason] of its own or because it does. */
        public fun deny(rule: String, reason: String?): PolicyRuling =
            PolicyRuling(PolicyEffect.DENY, PolicyCode.RULE_DENIES, reason ?: "the rule \"$rule\" denies it", rule)

        /** What the rule of that name wants people to be asked about, for a [reason] of its own or because it does. */
        public fun ask(rule: String, reason: String?, terms: ApprovalTerms): PolicyRuling = PolicyRuling(
            PolicyEffect.REQUIRE_APPROVAL,
            PolicyCode.RULE_REQUIRES_APPROVAL,
            reason ?: "the rule \"$rule\" asks people",
            rule,
            terms,
        )
    }
}

/** The three things that a policy may say; [outcome] is the word for it in `POST /v1/policy/check`. */
public enum class PolicyEffect(public val outcome: String) {
    PERMIT("EXECUTE"),
    REQUIRE_APPROVAL("ABSTAIN"),
    DENY("HALT"),
}

/** Why a policy says what it says; the names are the wire's reason codes in capitals. */
public enum class PolicyCode {
    RULE_PERMITS,
    RULE_REQUIRES_APPROVAL,
    RULE_DENIES,
    NO_RULE,

    /** A condition couldn't be evaluated: whatever else would permit, people are asked. */
    CONDITION_FAILED,
}

/** The answer to `POST /v1/policy/check`. */
public fun PolicyRuling.toJson(): JsonObject = buildJsonObject {
    put("outcome", effect.outcome)
    put("reason_code", code.name.lowercase())
    put("reason", reason)
    put("rule", rule)
}
