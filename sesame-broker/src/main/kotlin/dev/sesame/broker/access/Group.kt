package dev.sesame.broker.access

import java.time.Instant

/** Approvers under one name; a request may ask the people of some groups only. [memberIds] are those of active approvers. */
internal data class Group(
    val id: String,
    val name: String,
    val createdAt: Instant,
    val revokedAt: Instant? = null,
    val memberIds: List<String> = emptyList(),
)
