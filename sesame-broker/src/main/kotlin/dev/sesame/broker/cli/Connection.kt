package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.PrintMessage
import com.github.ajalt.clikt.parameters.groups.OptionGroup
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.path
import dev.sesame.broker.BrokerConfig
import dev.sesame.broker.BrokerDirectory
import dev.sesame.broker.text.shown
import dev.sesame.internal.JsonDepth
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import java.io.IOException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration

/** Which broker to ask, and as whom: flags, then the environment, then what the data directory of a broker on this machine says. */
internal class Connection : OptionGroup("Broker") {
    private val brokerUrl by option(envvar = "SESAME_BROKER_URL", help = "Default: the local broker")
    private val dataDir by option(envvar = "SESAME_DATA_DIR", help = "The local broker's, for its address and admin token")
        .path().default(Path.of("sesame-data"))
    private val token by option("--token", envvar = "SESAME_APPROVER_TOKEN", help = "Default: the local admin's")

    /** Every command has a connection, the broker itself among them, and one of them at most calls: each client has a thread of its own. */
    private val http by lazy { HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build() }

    fun get(path: String): JsonObject = call(HttpRequest.newBuilder().GET(), path)

    fun post(path: String, body: JsonObject = JsonObject(emptyMap())): JsonObject =
        call(HttpRequest.newBuilder().POST(BodyPublishers.ofString(body.toString())).header("Content-Type", "application/json"), path)

    private fun call(request: HttpRequest.Builder, path: String): JsonObject {
        val url = brokerUrl ?: inDataDir(BrokerDirectory.ADDRESS) ?: "http://127.0.0.1:${BrokerConfig.DEFAULT_PORT}"
        if ('@' in url) throw failure("the broker's address must hold no credentials: the token alone says who calls")
        val bearer = token ?: localToken(url)
            ?: throw failure("no approver token for $url: set SESAME_APPROVER_TOKEN, or name the local broker's --data-dir")
        if (bearer.any { it !in '!'..'~' }) throw failure("the approver token holds a character that none has: look for a line break")
        val answer = try {
            val built = request.uri(URI.create(url.trimEnd('/') + path))
                .header("Authorization", "Bearer $bearer")
                .header("User-Agent", "sesame-cli")
                .timeout(Duration.ofSeconds(30))
            http.send(built.build(), BodyHandlers.ofString())
        } catch (problem: IOException) {
            throw failure("no broker answers on $url (${problem.javaClass.simpleName}): start one with ./sesame broker")
        } catch (problem: IllegalArgumentException) {
            throw failure("$url is no broker address: ${problem.message}")
        }
        val body = parse(answer.body()) ?: throw failure("what answers on $url is no Sesame broker (status ${answer.statusCode()})")
        if (answer.statusCode() / 100 != 2) throw failure(shown("${body.text("code")}: ${body.text("detail")}"))
        return body
    }

    /** The local admin's token goes to the local broker and nowhere else. */
    private fun localToken(url: String): String? =
        if (brokerUrl == null || url == inDataDir(BrokerDirectory.ADDRESS)) inDataDir(BrokerDirectory.ADMIN_TOKEN) else null

    private fun inDataDir(file: String): String? = dataDir.resolve(file).takeIf(Files::isReadable)?.let { Files.readString(it).trim() }

    private fun parse(body: String): JsonObject? = JsonDepth.read(body) as? JsonObject
}

internal fun failure(message: String) = PrintMessage("sesame: $message", statusCode = 1, printError = true)

internal fun JsonObject.text(name: String): String = (this[name] as? JsonPrimitive)?.contentOrNull.orEmpty()

/** The list of that name; a broker's answer that should have one always does. */
internal fun JsonObject.objects(name: String): List<JsonObject> =
    (this[name] as? JsonArray)?.map { it as? JsonObject ?: throw noList(name) } ?: throw noList(name)

private fun noList(name: String) = failure("what answers is no Sesame broker: it tells no list of $name")

/** For scripts: the answer as it came. */
internal fun CoreCliktCommand.echoJson(json: JsonObject) {
    echo(json.toString())
}
