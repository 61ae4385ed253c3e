package dev.sesame.broker.inbox

import dev.sesame.broker.inbox.Pages.Companion.guard
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.withCharset
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.header
import io.ktor.server.response.respondBytes
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray

/** What browsers ask for at addresses that never change: the worker that shows notices, and what puts the inbox on a home screen. */
internal class AppFiles(private val pages: Pages) {
    private val worker = AppFiles::class.java.read("push-worker.js")
    private val icons = ICON_SIZES.associateWith { AppFiles::class.java.read("icon-$it.png") }

    fun install(route: Route) {
        route.get(WORKER) { worker(call) }
        route.get(MANIFEST) { manifest(call) }
        icons.forEach { (size, bytes) -> route.get(icon(size)) { icon(call, bytes) } }
    }

    /** Asked for anew each time, so that a newer broker's worker takes over with the next visit. */
    private suspend fun worker(call: ApplicationCall) {
        call.guard()
        call.response.header(HttpHeaders.CacheControl, "no-cache")
        call.response.header("Service-Worker-Allowed", pages.path("/"))
        call.respondBytes(worker, ContentType.Text.JavaScript.withCharset(Charsets.UTF_8))
    }

    private suspend fun manifest(call: ApplicationCall) {
        call.guard()
        call.response.header(HttpHeaders.CacheControl, "no-cache")
        val manifest = buildJsonObject {
            put("name", "Sesame")
            put("short_name", "Sesame")
            put("start_url", pages.path("/inbox"))
            put("scope", pages.path("/"))
            put("display", "standalone")
            put("background_color", "#f6f5f2")
            put("theme_color", "#2f5d50")
            putJsonArray("icons") {
                ICON_SIZES.forEach {
                    addJsonObject {
                        put("src", pages.path(icon(it)))
                        put("sizes", "${it}x$it")
                        put("type", "image/png")
                    }
                }
            }
        }
        call.respondText(manifest.toString(), ContentType("application", "manifest+json"))
    }

    private suspend fun icon(call: ApplicationCall, bytes: ByteArray) {
        call.guard()
        call.response.header(HttpHeaders.CacheControl, "public, max-age=86400")
        call.respondBytes(bytes, ContentType.Image.PNG)
    }

    companion object {
        const val WORKER = "/push-worker.js"
        const val MANIFEST = "/manifest.webmanifest"
        private val ICON_SIZES = listOf(192, 512)

        /** The one that stands for the inbox on a home screen. */
        val ICON = icon(ICON_SIZES.first())

        private fun icon(size: Int) = "/icon-$size.png"

        private fun Class<*>.read(name: String) = checkNotNull(getResource("/inbox/$name")) { "$name is missing from the jar" }.readBytes()
    }
}
