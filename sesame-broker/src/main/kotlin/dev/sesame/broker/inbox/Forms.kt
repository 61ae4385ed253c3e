package dev.sesame.broker.inbox

import dev.sesame.broker.access.Site
import io.ktor.http.BadContentTypeFormatException
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.Parameters
import io.ktor.http.URLDecodeException
import io.ktor.http.parseQueryString
import io.ktor.server.application.ApplicationCall
import io.ktor.server.request.contentType
import io.ktor.server.request.receiveChannel
import io.ktor.utils.io.readRemaining
import kotlinx.io.readByteArray
import java.security.MessageDigest

/** Takes forms that our own pages sent, and no others: whatever changes something comes this way. */
internal class Forms(private val site: () -> Site) {
    /** The fields of a form of a page that was made for [visitor]; [NotOurForm] where another site sent it, or for somebody else. */
    suspend fun of(call: ApplicationCall, visitor: Visitor, size: FormSize = FormSize.USUAL): Parameters {
        val fields = anybodys(call, size)
        val token = fields[TOKEN].orEmpty().toByteArray()
        if (!MessageDigest.isEqual(token, visitor.formToken.toByteArray())) throw NotOurForm("it was made for another session")
        return fields
    }

    /** The same where nobody is signed in yet. */
    suspend fun anybodys(call: ApplicationCall, size: FormSize = FormSize.USUAL): Parameters {
        call.refuseForeign()
        if (!call.isForm()) throw NotOurForm("it is no form")
        val bytes = call.receiveChannel().readRemaining(size.largestBytes + 1L).readByteArray()
        if (bytes.size > size.largestBytes) throw NotOurForm("it has more than ${size.largestBytes} bytes")
        return try {
            parseQueryString(bytes.decodeToString(), limit = size.mostFields)
        } catch (_: URLDecodeException) {
            throw NotOurForm("it can't be read")
        }
    }

    /** Browsers say who sends, in either header; who says neither is none that we know. */
    private fun ApplicationCall.refuseForeign() {
        val from = request.headers["Sec-Fetch-Site"]
        val origin = request.headers[HttpHeaders.Origin]
        if (from == null && origin == null) throw NotOurForm("it doesn't say where it comes from")
        if (from != null && from != "same-origin") throw NotOurForm("it comes from another site")
        if (origin != null && !site().isOwn(origin)) throw NotOurForm("it comes from $origin, not from ${site().url("")}")
    }

    private fun ApplicationCall.isForm(): Boolean = try {
        request.contentType().match(ContentType.Application.FormUrlEncoded)
    } catch (_: BadContentTypeFormatException) {
        false
    }

    companion object {
        const val TOKEN = "form"
    }
}

/** How much a form may send. */
internal enum class FormSize(val largestBytes: Int, val mostFields: Int) {
    USUAL(64 * 1024, 20),

    /** A context, each of its bytes written as three at worst, and the breaks and spaces between its values. */
    CONTEXT(512 * 1024, 80),
}

/** A form that none of our pages sent to this visitor: nothing was done. */
internal class NotOurForm(message: String) : RuntimeException(message)
