package dev.sesame.broker.inbox

import dev.sesame.broker.inbox.Pages.Companion.guard
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.http.withCharset
import io.ktor.server.response.header
import io.ktor.server.response.respondBytes
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import java.security.MessageDigest
import java.util.HexFormat

/** A file that pages load. Its address changes with its content, so browsers may keep it. */
internal class Asset(private val name: String, val type: ContentType) {
    val bytes: ByteArray = checkNotNull(Asset::class.java.getResource("/inbox/$name")) { "$name is missing from the jar" }.readBytes()
    private val hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)).take(HASH_LENGTH)
    val file = "${name.substringBefore('.')}-$hash.${name.substringAfter('.')}"
    val path = "/assets/$file"

    private companion object {
        const val HASH_LENGTH = 16
    }
}

/** All that pages load, from this jar. */
internal object Assets {
    val STYLE = Asset("inbox.css", ContentType.Text.CSS.withCharset(Charsets.UTF_8))
    val SCRIPT = Asset("inbox.js", ContentType.Text.JavaScript.withCharset(Charsets.UTF_8))
    val PUSH = Asset("push.js", ContentType.Text.JavaScript.withCharset(Charsets.UTF_8))
    val PASSKEYS = Asset("passkeys.js", ContentType.Text.JavaScript.withCharset(Charsets.UTF_8))
    val ADMIN_STYLE = Asset("admin.css", ContentType.Text.CSS.withCharset(Charsets.UTF_8))
    val ADMIN_SCRIPT = Asset("admin.js", ContentType.Text.JavaScript.withCharset(Charsets.UTF_8))
    val ICON = Asset("icon.svg", ContentType.Image.SVG)
    private val byFile = listOf(STYLE, SCRIPT, PUSH, PASSKEYS, ADMIN_STYLE, ADMIN_SCRIPT, ICON).associateBy { it.file }

    fun install(route: Route) {
        route.get("/assets/{file}") {
            call.guard()
            val asset = byFile[call.parameters["file"]]
            if (asset == null) return@get call.respondText("There is no such file.\n", status = HttpStatusCode.NotFound)
            call.response.header(HttpHeaders.CacheControl, "public, max-age=31536000, immutable")
            call.respondBytes(asset.bytes, asset.type)
        }
    }
}
