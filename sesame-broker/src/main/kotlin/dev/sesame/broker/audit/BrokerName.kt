package dev.sesame.broker.audit

import dev.sesame.broker.store.AuditStore

/** Names this broker in what it signs: by the first entry of its audit, which stays when its address changes. */
internal class BrokerName(private val audit: AuditStore) {
    @Volatile private var known: String? = null

    /** Only once the audit has begun. */
    suspend fun get(): String = known ?: (PREFIX + audit.entriesAfter(0, 1).single().hash.removePrefix("sha256:")).also { known = it }

    private companion object {
        const val PREFIX = "urn:sesame:audit:"
    }
}
