package dev.sesame.broker.audit

import dev.sesame.broker.receipt.SigningKeys
import dev.sesame.broker.store.AuditStore
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject
import org.slf4j.LoggerFactory
import java.time.InstantSource

/** Signs where the audit stands, so that a copy of that, kept elsewhere, finds out whoever shortens or rewrites it later. */
internal class Checkpoints(
    private val audit: AuditStore,
    private val keys: SigningKeys,
    private val clock: InstantSource,
    private val name: BrokerName,
    private val published: (String) -> Unit = { log.info("Audit checkpoint {}", it) },
) {
    private var last: Head? = null

    /** Signs, keeps and publishes the head, where it moved since the last time. */
    suspend fun run() {
        val head = audit.head() ?: return
        if (head == last) return
        val at = clock.instant()
        val issuer = name.get()
        val payload = buildJsonObject {
            put("iss", issuer)
            put("at", at.toString())
            putJsonObject("log") {
                put("index", head.seq)
                put("head", head.hash)
            }
        }
        val signed = keys.sign(TYPE, payload, at)
        audit.keepCheckpoint(head.seq, at, signed)
        published(signed)
        last = head
    }

    companion object {
        const val TYPE = "sesame-checkpoint"
        private val log = LoggerFactory.getLogger("dev.sesame.broker.audit")!!
    }
}
