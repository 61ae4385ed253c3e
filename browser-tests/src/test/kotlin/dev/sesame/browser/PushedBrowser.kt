package dev.sesame.browser

import com.google.gson.JsonObject
import com.microsoft.playwright.BrowserContext
import com.microsoft.playwright.CDPSession
import com.microsoft.playwright.Page
import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit.SECONDS

/** A push service on this machine: it takes everything, and says at which address. */
internal class PushService : AutoCloseable {
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100).apply {
        createContext("/") { call ->
            call.requestBody.readAllBytes()
            call.sendResponseHeaders(201, -1)
            call.close()
            taken += call.requestURI.path
        }
        start()
    }
    private val taken = LinkedBlockingQueue<String>()
    val url = "http://127.0.0.1:${server.address.port}"

    /** The path of the next message; `null` where none comes. */
    fun next(): String? = taken.poll(20, SECONDS)

    override fun close() = server.stop(0)
}

/**
 * Lets a browser subscribe at [service], since the one of its maker is out of reach here: what `pushManager` does is played, over reloads, with
 * the keys of RFC 8291's example. All else is the browser's own.
 */
internal fun BrowserContext.subscribingAt(service: PushService) = addInitScript(
    """(() => {
        const kept = () => {
            const key = localStorage.getItem("played");
            return key && {
                options: { applicationServerKey: Uint8Array.from(atob(key), (one) => one.charCodeAt(0)).buffer },
                toJSON: () => ({
                    endpoint: "${service.url}/" + localStorage.getItem("played-number"),
                    keys: {
                        p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                        auth: "BTBZMqHH6r4Tts7J_aSIgg",
                    },
                }),
                unsubscribe: async () => { localStorage.removeItem("played"); return true; },
            };
        };
        PushManager.prototype.getSubscription = async () => kept();
        PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
            localStorage.setItem("played", btoa(String.fromCharCode(...applicationServerKey)));
            localStorage.setItem("played-number", String(Number(localStorage.getItem("played-number") ?? 0) + 1));
            return kept();
        };
    })()""",
)

/** Hands pushes to the worker of [page]'s site, as the browser does when its push service brings one. */
internal class Pushing(private val page: Page, private val origin: String) : AutoCloseable {
    private val session: CDPSession = page.context().newCDPSession(page)
    private val registrations = LinkedBlockingQueue<String>()

    init {
        session.on("ServiceWorker.workerRegistrationUpdated") { event ->
            event.getAsJsonArray("registrations").map { it.asJsonObject }.filter { it["scopeURL"].asString == "$origin/" }
                .forEach { registrations += it["registrationId"].asString }
        }
        session.send("ServiceWorker.enable")
    }

    private val registration: String by lazy {
        page.waitForCondition { registrations.isNotEmpty() }
        registrations.first()
    }

    fun push(message: String) {
        val parameters = JsonObject().apply {
            addProperty("origin", origin)
            addProperty("registrationId", registration)
            addProperty("data", message)
        }
        session.send("ServiceWorker.deliverPushMessage", parameters)
    }

    /** A browser that is watched so closely doesn't close. */
    override fun close() {
        session.send("ServiceWorker.disable")
        session.detach()
    }

    /** What notifications stand on the screen: title, body, tag, whether silent. */
    fun shown(): List<List<Any?>> {
        @Suppress("UNCHECKED_CAST")
        return page.evaluate(
            """async () => (await (await navigator.serviceWorker.getRegistration()).getNotifications())
                .map((one) => [one.title, one.body, one.tag, one.silent])""",
        ) as List<List<Any?>>
    }
}
