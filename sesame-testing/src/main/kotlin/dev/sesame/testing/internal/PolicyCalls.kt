package dev.sesame.testing.internal

import dev.sesame.rules.readPolicyCheck
import dev.sesame.rules.toJson

/** What the policy says, to who asks without asking people. */
internal class PolicyCalls(private val access: Access, private val desk: Desk) {
    fun check(call: HttpCall): HttpAnswer {
        access.requester(call)
        val check = readPolicyCheck(call.jsonBody())
        return json(desk.policy.judge(check.action, check.context).toJson())
    }
}
