package dev.sesame.broker.inbox

import dev.sesame.broker.access.Secret
import dev.sesame.broker.access.Site
import io.ktor.http.CookieEncoding
import io.ktor.http.HttpHeaders
import io.ktor.http.renderSetCookieHeader
import io.ktor.server.application.ApplicationCall
import java.time.Duration

/** A cookie that no script reads, that goes to this host alone, and that no other site's form brings along. An empty [value] takes it away. */
internal fun ApplicationCall.keepCookie(site: Site, name: String, value: String, life: Duration, sameSite: String) {
    val cookie = renderSetCookieHeader(
        name,
        value,
        CookieEncoding.RAW,
        maxAge = life.toSeconds().toInt(),
        path = "/",
        secure = site.isSecure,
        httpOnly = true,
        extensions = mapOf("SameSite" to sameSite),
        includeEncoding = false, // an attribute of Ktor's own, which no browser knows
    )
    response.headers.append(HttpHeaders.SetCookie, cookie)
}

/** What the browser brought under that name; `null` where nothing, or more than we ever set. */
internal fun ApplicationCall.cookie(name: String): Secret? =
    request.cookies[name, CookieEncoding.RAW]?.takeIf { it.length <= LONGEST_COOKIE }?.let(::Secret)

private const val LONGEST_COOKIE = 200
