package dev.sesame.broker.audit

import dev.sesame.broker.store.InForce
import dev.sesame.broker.store.SetPolicy
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** Facts about policies: where they come from and the hashes of their texts. */
internal object PolicyFacts {
    /** What a start compares with. */
    const val IN_FORCE = "policy.in_force"

    fun set(policy: SetPolicy) = fact("policy.set", "approver_id" to policy.setBy, "sha256" to sha256(policy.text))

    fun inForce(policy: InForce) = Fact(
        IN_FORCE,
        buildJsonObject {
            put("source", policy.source)
            put("sha256", policy.sha256?.let { "sha256:$it" })
            put("rules", policy.rules)
        },
    )
}
