package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.multiple
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.options.required
import com.github.ajalt.clikt.parameters.types.choice
import com.github.ajalt.clikt.parameters.types.long
import com.github.ajalt.clikt.parameters.types.path
import dev.sesame.broker.access.Ids
import dev.sesame.broker.text.shown
import dev.sesame.internal.JsonDepth
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import java.nio.file.Path
import kotlin.io.path.readText

/** A verb on one approval. */
internal abstract class ApprovalCommand(name: String, private val help: String) : CoreCliktCommand(name) {
    protected val connection by Connection()
    private val typed by argument("ID", help = "ap_…")
    protected val id: String get() = typed.takeIf(Ids::isApproval) ?: throw failure("not_found: ${shown(typed)} is no approval's id")
    protected val json by option(help = "The document, for scripts").flag()

    override fun help(context: Context) = help

    protected fun show(approval: JsonObject) = if (json) echoJson(approval) else echoRequest(approval)
}

internal class ShowCommand : ApprovalCommand("show", "Shows one request and how it stands.") {
    override fun run() = show(connection.get("/v1/approvals/$id"))
}

internal class ApproveCommand : ApprovalCommand("approve", "Says yes to a request.") {
    private val note by option(help = "What to tell the asker")
    private val context by option(
        help = "A file with the whole context as you approve it; only editable fields may differ",
    ).path(mustExist = true)

    override fun run() = show(connection.decide(id, "approve", note, context?.let(::read)))

    private fun read(file: Path): JsonObject = JsonDepth.read(file.readText()) as? JsonObject ?: throw failure("$file holds no JSON object")
}

internal class DenyCommand : ApprovalCommand("deny", "Says no to a request.") {
    private val note by option(help = "What to tell the asker")

    override fun run() = show(connection.decide(id, "deny", note))
}

internal class ExtendCommand : ApprovalCommand("extend", "Gives people more time to answer a request.") {
    private val expiresIn by option(help = "Seconds from now until it expires").long().required()

    override fun run() = show(connection.post("/v1/approvals/$id/extend", buildJsonObject { put("expires_in", expiresIn) }))
}

internal class RedactCommand : ApprovalCommand("redact", "Erases values of a request that is over, for good; the audit tells of it.") {
    private val field by option(help = "A path such as customer.iban; may be given several times").multiple(required = true)

    override fun run() {
        val body = buildJsonObject { putJsonArray("fields") { field.forEach { add(it) } } }
        show(connection.post("/v1/approvals/$id/redact", body))
    }
}

internal class CancelCommand : ApprovalCommand("cancel", "Takes a pending request back.") {
    override fun run() = show(connection.post("/v1/approvals/$id/cancel"))
}

internal class ResolveCommand : ApprovalCommand("resolve", "Says what became of a run that ended without a word.") {
    private val outcome by option(help = "What really happened").choice("succeeded", "failed").required()
    private val detail by option(help = "How you know")

    override fun run() = show(
        connection.post(
            "/v1/approvals/$id/outcome",
            buildJsonObject {
                put("outcome", outcome)
                detail?.let { put("detail", it) }
            },
        ),
    )
}

internal fun JsonObject.approvals(): List<JsonObject> = objects("approvals")

internal fun Connection.decide(id: String, decision: String, note: String?, context: JsonObject? = null): JsonObject = post(
    "/v1/approvals/$id/decision",
    buildJsonObject {
        put("decision", decision)
        note?.let { put("note", it) }
        context?.let { put("context", it) }
    },
)
