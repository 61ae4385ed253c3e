package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.choice
import kotlinx.serialization.json.JsonObject
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** The inbox of somebody who sits at a terminal: shows each request as it comes, and takes the answer. */
internal class AnswerCommand : CoreCliktCommand(name = "answer") {
    override fun help(context: Context) = "Shows pending requests as they come and asks for an answer."

    private val connection by Connection()
    private val once by option(help = "Ends after one request").flag()
    private val decide by option(help = "Answers without asking").choice("approve", "deny")
    private val note by option(help = "What to tell the asker")
    private val command by option(help = "What else could be typed, ID standing for the request", hidden = true)

    private val lines = LinkedBlockingQueue<String>()
    private val skipped = mutableSetOf<String>()

    override fun run() {
        if (decide == null) Thread(::readLines).apply { isDaemon = true }.start()
        do {
            val request = next()
            echoRequest(request)
            answer(request)
        } while (!once)
    }

    private fun next(): JsonObject {
        while (true) {
            val pending = connection.get("/v1/inbox?status=pending&limit=100").approvals().filter { it.text("approval_id") !in skipped }
            pending.lastOrNull()?.let { return it }
            lines.poll(PACE_MS, TimeUnit.MILLISECONDS)
        }
    }

    private fun answer(request: JsonObject) {
        val id = request.text("approval_id")
        val decision = decide ?: asked(id) ?: return
        val decided = connection.decide(id, decision, note)
        echo("  You said ${if (decision == "approve") "yes" else "no"}: it is ${decided.text("status")}.")
    }

    /** `null`: somebody else decided it, or it is put off. */
    private fun asked(id: String): String? {
        command?.let { echo("  Or, from another terminal:  ${it.replace("ID", id)}") }
        echo("  a = approve, d = deny${if (once) "" else ", s = skip"}: ", trailingNewline = false)
        while (true) {
            when (lines.poll(PACE_MS, TimeUnit.MILLISECONDS)?.trim()?.lowercase()) {
                "a", "approve" -> return "approve"
                "d", "deny" -> return "deny"
                "s", "skip" -> return null.also { skipped += id }
                null -> if (decidedElsewhere(id)) return null
                else -> echo("  a or d, please: ", trailingNewline = false)
            }
        }
    }

    private fun decidedElsewhere(id: String): Boolean {
        val now = connection.get("/v1/approvals/$id")
        if (now.text("status") == "pending") return false
        echo("\n  Answered elsewhere: it is ${now.text("status")}.")
        return true
    }

    private fun readLines() {
        generateSequence(::readlnOrNull).forEach(lines::put)
    }

    private companion object {
        const val PACE_MS = 300L
    }
}
