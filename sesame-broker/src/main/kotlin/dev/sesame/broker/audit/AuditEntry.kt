package dev.sesame.broker.audit

import dev.sesame.internal.CanonicalJson
import dev.sesame.internal.InternalSesameApi
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.security.MessageDigest
import java.time.Instant
import java.util.HexFormat

/** A fact in its place: [hash] covers it and, by the hash before it, all that came before. */
internal data class AuditEntry(val seq: Long, val at: Instant, val fact: Fact, val hash: String) {
    /** What this entry leaves the chain at. */
    val head: Head get() = Head(seq, hash)
}

/**
 * Something that happened. [details] hold ids, hashes and the paths of fields, never a value, a person's name or a secret: this is kept when
 * those are forgotten.
 */
internal data class Fact(val name: String, val details: JsonObject, val approvalId: String? = null, val version: Int? = null) {
    companion object {
        /** The chain's first entry; what happened before it isn't covered. */
        const val BEGAN = "audit.began"

        /** The approval was deleted when its time was over. */
        const val FORGOTTEN = "approval.forgotten"
    }
}

/** How long the chain is, and the hash of its last entry. */
internal data class Head(val seq: Long, val hash: String) {
    /** The entry that comes next. */
    fun next(fact: Fact, at: Instant): AuditEntry = AuditEntry(seq + 1, at, fact, hashOf(seq + 1, at, fact, previous = hash))

    companion object {
        /** Before the first entry. */
        val NONE = Head(0, "sha256:" + "0".repeat(64))

        /** `sha256:` and the hex SHA-256 of the entry's canonical form (RFC 8785), the hash before it among its members. */
        @OptIn(InternalSesameApi::class)
        fun hashOf(seq: Long, at: Instant, fact: Fact, previous: String): String = sha256(
            CanonicalJson.of(
                buildJsonObject {
                    put("approval_id", fact.approvalId)
                    put("at", at.toEpochMilli())
                    put("details", fact.details)
                    put("fact", fact.name)
                    put("previous", previous)
                    put("seq", seq)
                    put("version", fact.version)
                },
            ),
        )
    }
}

/** `sha256:` and the hex SHA-256 of [text]. */
internal fun sha256(text: String): String =
    "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.toByteArray()))
