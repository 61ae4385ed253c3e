package dev.sesame.browser

import com.microsoft.playwright.Browser.NewContextOptions
import com.microsoft.playwright.BrowserContext
import com.microsoft.playwright.Page
import com.microsoft.playwright.options.ColorScheme
import dev.sesame.Sesame
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.nio.file.Files
import java.util.concurrent.atomic.AtomicInteger
import kotlin.io.path.readText

/** A real broker, a client of it, and people with browsers. */
internal class InboxRig(settings: Map<String, String> = emptyMap()) : AutoCloseable {
    private val dataDir = Files.createTempDirectory("sesame-browser").resolve("data")
    private val broker = RunningBroker(dataDir, settings)
    private val chromium = Chromium()
    private val people = AtomicInteger()
    private val http = HttpClient.newHttpClient()

    val url: String get() = broker.url
    val sesame = Sesame {
        apiKey = secret("api-key")
        brokerUrl = broker.url
    }

    /** Opens a request as the default requester; returns its id. */
    fun asked(summary: String, fields: JsonObject = JsonObject(emptyMap())): String {
        val body = buildJsonObject {
            put("action", "payments.refund")
            put("summary", summary)
            fields.forEach { (name, value) -> put(name, value) }
        }
        return call("/v1/approvals", secret("api-key"), body).text("approval_id")
    }

    fun statusOf(id: String): String = call("/v1/approvals/$id", secret("api-key")).text("status")

    /** A new approver of that name, or one that begins so. */
    fun approver(name: String = "Kim", role: String = "approver"): Person {
        val called = "$name ${people.incrementAndGet()}"
        val fields = buildJsonObject {
            put("name", called)
            put("role", role)
        }
        return Person(call("/v1/admin/approvers", secret("admin-token"), fields).text("id"), called)
    }

    /** Does what an admin may by a call. */
    fun asAdmin(path: String, fields: JsonObject = JsonObject(emptyMap())): JsonObject =
        call("/v1/admin/$path", secret("admin-token"), fields)

    /** Does to a request what an admin may, such as `extend`. */
    fun adminDoes(id: String, verb: String, fields: JsonObject): JsonObject = call("/v1/approvals/$id/$verb", secret("admin-token"), fields)

    /** Does what its requester may, such as `claim`. */
    fun requesterDoes(id: String, verb: String, fields: JsonObject): JsonObject = call("/v1/approvals/$id/$verb", secret("api-key"), fields)

    inner class Person(val id: String, val name: String) {
        /** A browser in which they are signed in, as they do it: they open the link and press the button. */
        fun browser(options: NewContextOptions = desk()): BrowserContext = chromium.context(options).also { context ->
            context.setDefaultTimeout(PATIENCE_MS)
            val page = context.newPage()
            page.navigate(link())
            page.getByText("Sign in on this device").click()
            page.waitForURL("**/inbox")
            page.close()
        }

        fun link(): String = call("/v1/admin/approvers/$id/link", secret("admin-token"), JsonObject(emptyMap())).text("url")

        /** Sends the bot their code, from an account of their own; returns when the bot has said that it is linked. */
        fun linkTelegram(telegram: LocalTelegram) {
            val code = call("/v1/admin/approvers/$id/link-telegram", secret("admin-token"), JsonObject(emptyMap())).text("code")
            telegram.link("/start $code")
        }

        fun signOut() {
            call("/v1/admin/approvers/$id/sign-out", secret("admin-token"), JsonObject(emptyMap()))
        }

        /** As an admin ends them, when a phone is lost. */
        fun losePasskeys() {
            call("/v1/admin/approvers/$id/passkeys/revoke", secret("admin-token"), JsonObject(emptyMap()))
        }

        fun decide(approvalId: String, fields: JsonObject, token: String = secret("admin-token")) =
            call("/v1/approvals/$approvalId/decision", token, fields)
    }

    /** A browser in which nobody is signed in. */
    fun stranger(options: NewContextOptions = desk()): BrowserContext = chromium.context(options).also { it.setDefaultTimeout(PATIENCE_MS) }

    private fun secret(file: String) = dataDir.resolve(file).readText().trim()

    private fun call(path: String, bearer: String, body: JsonObject? = null): JsonObject {
        val request = HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer $bearer")
        if (body != null) request.header("Content-Type", "application/json").POST(BodyPublishers.ofString("$body"))
        val answer = http.send(request.build(), BodyHandlers.ofString())
        check(answer.statusCode() / 100 == 2) { "$path: ${answer.statusCode()} ${answer.body()}" }
        return Json.parseToJsonElement(answer.body()).jsonObject
    }

    override fun close() {
        sesame.close()
        chromium.close()
        broker.close()
        dataDir.parent.toFile().deleteRecursively()
    }

    companion object {
        private const val PATIENCE_MS = 10_000.0

        fun desk(scheme: ColorScheme = ColorScheme.LIGHT): NewContextOptions = NewContextOptions().setViewportSize(
            1280,
            800,
        ).setColorScheme(scheme).setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE)

        /** A phone: a narrow screen that is touched. */
        fun phone(width: Int = 390, scheme: ColorScheme = ColorScheme.LIGHT): NewContextOptions =
            desk(scheme).setViewportSize(width, 844).setHasTouch(true).setIsMobile(true).setDeviceScaleFactor(2.0)
    }
}

internal fun BrowserContext.open(url: String): Page = newPage().also { it.navigate(url) }

private fun JsonObject.text(name: String): String = (getValue(name) as JsonPrimitive).content
