package dev.sesame.broker.policy

/** An organisation's rules, in their order: the first that matches counts. Names are unique; [PolicyBook] applies them. */
internal class Policy(val rules: List<Rule>) {
    init {
        require(rules.size <= MOST_RULES) { "a policy has at most $MOST_RULES rules, not ${rules.size}" }
        require(rules.distinctBy { it.name }.size == rules.size) { "two rules have one name" }
    }

    companion object {
        const val MOST_RULES = 500

        /** Without rules: people are asked about everything. */
        val NONE = Policy(emptyList())
    }
}
