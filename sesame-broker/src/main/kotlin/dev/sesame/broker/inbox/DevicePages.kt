package dev.sesame.broker.inbox

import dev.sesame.broker.notice.Told
import dev.sesame.broker.notice.push.BadSubscription
import dev.sesame.broker.notice.push.Device
import dev.sesame.broker.notice.push.Devices
import dev.sesame.broker.notice.push.TooManyDevices
import dev.sesame.broker.text.shown
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.http.Parameters
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route

/**
 * The browsers in which the visitor is told by notifications: turning this one on, trying and removing each. [devices] is `null` where the
 * broker is set not to tell browsers.
 */
internal class DevicePages(
    private val pages: Pages,
    private val forms: Forms,
    private val visitors: Visitors,
    private val devices: Devices?,
) {
    fun install(route: Route) {
        route.getPage(pages, "/devices") { signedIn(it) { visitor -> show(it, visitor) } }
        route.postPage(pages, "/devices") { sent(it, ::turnOn) }
        route.postPage(pages, "/devices/renew") { sent(it, ::renew) }
        route.postPage(pages, "/devices/{id}/remove") { sent(it, ::remove) }
        route.postPage(pages, "/devices/{id}/test") { sent(it, ::test) }
    }

    private suspend fun signedIn(call: ApplicationCall, answer: suspend (Visitor) -> Unit) {
        val visitor = visitors.of(call) ?: return pages.show(call, signInFirst())
        answer(visitor)
    }

    private suspend fun sent(call: ApplicationCall, act: suspend (ApplicationCall, Visitor, Parameters, Devices) -> Unit) =
        signedIn(call) { visitor ->
            val fields = forms.of(call, visitor)
            if (devices == null) show(call, visitor, HttpStatusCode.NotFound) else act(call, visitor, fields, devices)
        }

    private suspend fun show(call: ApplicationCall, visitor: Visitor, status: HttpStatusCode = HttpStatusCode.OK, said: String? = null) {
        val all = devices?.list(visitor.approver.id)
        pages.show(call, Page("Notifications", status, visitor) { devices(DevicesSeen(pages, visitor, all, said)) })
    }

    private suspend fun turnOn(call: ApplicationCall, visitor: Visitor, fields: Parameters, devices: Devices) = told(call) {
        devices.turnOn(visitor.session, fields["endpoint"].orEmpty(), fields["p256dh"].orEmpty(), fields["auth"].orEmpty())
    }

    private suspend fun renew(call: ApplicationCall, visitor: Visitor, fields: Parameters, devices: Devices) = told(call) {
        val id = fields["id"].orEmpty()
        devices.renew(visitor.session, id, fields["endpoint"].orEmpty(), fields["p256dh"].orEmpty(), fields["auth"].orEmpty())
    }

    /** The script's answer: the device's id, or the one line that says why not. */
    private suspend fun told(call: ApplicationCall, act: suspend () -> Device?) {
        val (text, status) = try {
            act()?.let { it.id to HttpStatusCode.OK } ?: ("This browser isn't turned on." to HttpStatusCode.NotFound)
        } catch (problem: BadSubscription) {
            shown(problem.message.orEmpty()) to HttpStatusCode.BadRequest
        } catch (problem: TooManyDevices) {
            problem.message.orEmpty() to HttpStatusCode.Conflict
        }
        pages.guarded(call)
        call.response.header(HttpHeaders.CacheControl, "no-store")
        call.respondText(text, ContentType.Text.Plain, status)
    }

    private suspend fun remove(call: ApplicationCall, visitor: Visitor, @Suppress("unused") fields: Parameters, devices: Devices) {
        devices.remove(call.parameters["id"].orEmpty(), visitor.approver.id)
        pages.goTo(call, "/devices")
    }

    private suspend fun test(call: ApplicationCall, visitor: Visitor, @Suppress("unused") fields: Parameters, devices: Devices) {
        val said = when (val told = devices.test(call.parameters["id"].orEmpty(), visitor.approver.id)) {
            null -> "There is no such device any more."
            is Told.Sent -> "The push service took the test. It shows on that device within seconds, or when it is on again."
            is Told.Refused -> "The test wasn't sent: ${told.why}."
            is Told.Failed -> "The test didn't get through: ${told.why}. Try again later."
            is Told.Dropped -> "The test wasn't sent: ${told.why}."
            is Told.Busy -> "The test wasn't sent: ${told.why}. Try again later."
        }
        show(call, visitor, said = said)
    }
}
