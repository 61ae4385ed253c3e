package dev.sesame.broker.http

/** Judges where webhooks may be sent; [problem] says what is wrong with a URL, `null` where nothing is. */
internal class WebhookUrls(private val problem: (String) -> String?) {
    /** [url], or `null` and a problem of [field]. */
    fun judged(fields: Fields, field: String, url: String): String? {
        return problem(url)?.let { return fields.refuse(field, it) } ?: url
    }
}
