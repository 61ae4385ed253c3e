package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.context
import com.github.ajalt.clikt.core.main
import io.kotest.assertions.withClue
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject

/** What a command printed and how it ended. */
internal class Said(val code: Int, val out: String, val err: String) {
    val json: JsonObject get() = Json.parseToJsonElement(out) as JsonObject

    /** It worked, and said nothing but its answer. */
    fun well(): Said = also {
        withClue(this) {
            code shouldBe 0
            err shouldBe ""
        }
    }

    /** It failed with exit 1 and one line that holds all [words]. */
    fun badly(vararg words: String): Said = also {
        withClue(this) {
            code shouldBe 1
            out shouldBe ""
            err.trimEnd().lines() shouldHaveSize 1
            words.forEach { err shouldContain it }
        }
    }

    override fun toString(): String = "exit $code\nout: $out\nerr: $err"
}

/** The whole command line in this process, with an environment of its own. */
internal class Terminal(private val environment: Map<String, String>) {
    constructor(vararg environment: Pair<String, String>) : this(mapOf(*environment))

    fun run(vararg arguments: String): Said {
        val out = StringBuilder()
        val err = StringBuilder()
        val command = sesame().context {
            readEnvvar = { environment[it] }
            echoMessage = { _, message, newline, toErr -> (if (toErr) err else out).append(message).append(if (newline) "\n" else "") }
            exitProcess = { throw Exit(it) }
        }
        val code = try {
            command.main(arguments.toList())
            0
        } catch (exit: Exit) {
            exit.code
        }
        return Said(code, out.toString(), err.toString())
    }

    private class Exit(val code: Int) : RuntimeException()
}
