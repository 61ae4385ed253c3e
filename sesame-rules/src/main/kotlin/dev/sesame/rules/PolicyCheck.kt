package dev.sesame.rules

import kotlinx.serialization.json.JsonObject

/** What is to be judged by a policy without asking anybody, with every limit checked. */
public data class PolicyCheck(val action: String, val context: JsonObject, val requestedBy: String?, val riskScore: Double?) {
    override fun toString(): String = "PolicyCheck($action)" // the context is in no log
}

/** Reads the body of `POST /v1/policy/check`; the limits are those of `POST /v1/approvals`. */
public fun readPolicyCheck(body: JsonObject): PolicyCheck {
    val fields = Fields(body)
    val check = PolicyCheck(
        action = fields.action(),
        context = fields.context() ?: JsonObject(emptyMap()),
        requestedBy = fields.requestedBy(),
        riskScore = fields.riskScore(),
    )
    fields.done()
    return check
}
