package dev.sesame.broker.approval

import dev.sesame.broker.access.Caller
import dev.sesame.broker.policy.Facts
import dev.sesame.broker.policy.PolicyBook
import dev.sesame.rules.Asked
import dev.sesame.rules.PolicyCheck
import dev.sesame.rules.PolicyRuling
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.time.InstantSource

/** What the policy in force says of a question, in live and test mode alike; nothing is stored by it. */
internal class JudgeByPolicy(private val inForce: () -> PolicyBook, private val clock: InstantSource) {
    suspend fun judge(asked: Asked, caller: Caller.AsRequester): PolicyRuling =
        judge(Facts(asked.action, asked.context, caller.requester.name, clock.instant(), asked.requestedBy, asked.riskScore))

    suspend fun check(check: PolicyCheck, caller: Caller.AsRequester): PolicyRuling =
        judge(Facts(check.action, check.context, caller.requester.name, clock.instant(), check.requestedBy, check.riskScore))

    /** Conditions may take some milliseconds: not on the threads that read from the network. */
    private suspend fun judge(facts: Facts): PolicyRuling =
        inForce().let { book -> if (book.isQuick) book.judge(facts) else withContext(Dispatchers.Default) { book.judge(facts) } }
}
