package dev.sesame.broker.delivery

import dev.sesame.rules.ApprovalRecord
import java.net.URI

/** What a decision owes: one delivery for each distinct URL. Where an endpoint names the `callback_url` too, it is the endpoint's. */
internal fun owed(record: ApprovalRecord, endpoints: List<Endpoint>, newId: () -> String): List<Delivery> {
    val decidedAt = checkNotNull(record.progress.decidedAt) { "${record.id} is not decided" }
    val callback = record.question.callbackUrl?.let(::canonicalUrl)

    fun delivery(url: String, endpoint: Endpoint?) = Delivery(
        id = newId(),
        approvalId = record.id,
        requesterId = record.question.requesterId,
        url = url,
        endpointId = endpoint?.id,
        lane = endpoint?.id ?: callbackLane(record.question.requesterId, url),
        state = if (endpoint == null || endpoint.isEnabled) DeliveryState.PENDING else DeliveryState.HELD,
        createdAt = decidedAt,
        nextAt = decidedAt,
    )

    val registered = endpoints.filter { it.isEnabled || it.url == callback }.distinctBy { it.url }.map { delivery(it.url, it) }
    return if (callback == null || registered.any { it.url == callback }) registered else registered + delivery(callback, null)
}

/** One text for all ways to write the same URL: scheme and host in lower case, no default port, no fragment, a path. */
internal fun canonicalUrl(url: String): String {
    val uri = URI(url)
    val scheme = uri.scheme.lowercase()
    // Taken from the text: java.net.URI names no host for a_name.example.
    val authority = uri.rawAuthority.lowercase().removeSuffix(if (scheme == "https") ":443" else ":80")
    return "$scheme://$authority${uri.rawPath.ifEmpty { "/" }}${uri.rawQuery?.let { "?$it" }.orEmpty()}"
}

/** Callback URLs differ with every request, so their lane is the receiver's host and port; no requester waits for another's receiver. */
private fun callbackLane(requesterId: String, url: String): String = "$requesterId@${URI(url).run { "$scheme://$rawAuthority" }}"
