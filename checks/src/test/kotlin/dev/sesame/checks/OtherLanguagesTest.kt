package dev.sesame.checks

import dev.sesame.WebhookSecret
import dev.sesame.WebhookSigner
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.TestScope
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import java.nio.file.Path
import java.time.Instant
import java.util.Base64
import kotlin.io.path.writeText
import kotlin.time.Duration.Companion.minutes

/** A webhook as it arrives, and whether it is genuine. */
private class Case(val name: String, val isGenuine: Boolean, val body: ByteArray, val headers: Map<String, String>)

private val secret = WebhookSecret.random()

private fun cases(): List<Case> {
    val body = """{"note":"ä \"quoted\" 1"}""".toByteArray()
    val honest = WebhookSigner(secret).headers("msg_1", body)
    val signature = honest.getValue("webhook-signature")
    val both = WebhookSigner(listOf(WebhookSecret.random(), secret)).headers("msg_1", body)
    fun forged(name: String, headers: Map<String, String>, bytes: ByteArray = body) = Case(name, false, bytes, headers)
    return listOf(
        Case("honest", true, body, honest),
        Case("during a rotation", true, body, both),
        forged("another body", honest, body + 1),
        forged("an empty body", honest, ByteArray(0)),
        forged("another secret", WebhookSigner(WebhookSecret.random()).headers("msg_1", body)),
        forged("another id", honest + ("webhook-id" to "msg_2")),
        forged("too old", WebhookSigner(secret).headers("msg_1", body, Instant.now().minusSeconds(600))),
        forged("too new", WebhookSigner(secret).headers("msg_1", body, Instant.now().plusSeconds(600))),
        forged("a time that is none", honest + ("webhook-timestamp" to "now")),
        forged("a time with too many digits", honest + ("webhook-timestamp" to "9".repeat(5000))),
        forged("a truncated signature", honest + ("webhook-signature" to signature.dropLast(4))),
        forged("a doubled signature", honest + ("webhook-signature" to "$signature,$signature")),
        forged("an odd signature", honest + ("webhook-signature" to "v1,ä")),
    ) + honest.keys.map { forged("without $it", honest - it) }
}

private fun Case.asJson(): String {
    val all = headers.entries.joinToString(",", "{", "}") { (name, value) -> "${Json.encodeToString(name)}:${Json.encodeToString(value)}" }
    return """{"headers":$all,"body":"${Base64.getEncoder().encodeToString(body)}"}"""
}

/** The block of docs/webhooks.md in [language] that holds [word]. */
private fun block(language: String, word: String): String {
    val page = SourceTree.files.single { it.path == "docs/webhooks.md" }
    return Document(page).snippets.single {
        it.language == language && it.lines.any { line -> word in line }
    }.lines.joinToString("\n", postfix = "\n")
}

private fun TestScope.output(folder: Path, vararg words: String): List<String> {
    RunningCommand(words.toList(), folder, mapOf("SESAME_WEBHOOK_SECRET" to secret.reveal())).use { command ->
        val code = command.await(1.minutes)
        check(code == 0) { "${testCase.name.name}: exit code $code\n${command.output}" }
        return command.output.lines().filter { it.isNotBlank() }
    }
}

/** What docs/webhooks.md shows of other languages, run with them where they are to be had. */
class OtherLanguagesTest :
    FunSpec({
        val folder = tempdir().toPath()
        val cases = cases()
        val file = folder.resolve("cases.json").also { it.writeText(cases.joinToString(",", "[", "]") { case -> case.asJson() }) }
        val expected = cases.map { "${it.isGenuine}" }

        test("the verification in Python takes what is genuine and nothing else") {
            skipWithout("python3")
            val run = """
                import json, sys
                for case in json.load(open(sys.argv[1])):
                    print(str(verified("${secret.reveal()}", case["headers"], base64.b64decode(case["body"]))).lower())
            """.trimIndent()
            folder.resolve("verify.py").writeText(block("python", "def verified") + "\n\n" + run)
            output(folder, "python3", "verify.py", "$file") shouldContainExactly expected
        }

        test("the receiver in Flask answers 204 or 401, and keeps what is genuine") {
            skipWithout("python3")
            val hasFlask = "import importlib.util; print(importlib.util.find_spec('flask') is not None)"
            if (output(folder, "python3", "-c", hasFlask).last() != "True") skip("Python has no flask")
            val run = """
                import sys
                client = app.test_client()
                for case in json.load(open(sys.argv[1])):
                    answer = client.post("/sesame/webhook", headers=case["headers"], data=base64.b64decode(case["body"]))
                    assert answer.data == b""
                    print({204: "true", 401: "false"}[answer.status_code])
                assert client.post("/sesame/webhook", headers={}, data=b"x" * (1024 * 1024 + 1)).status_code == 413
                assert len(inbox) == 2 and inbox[0]["note"].endswith("1"), inbox
            """.trimIndent()
            folder.resolve("receive.py").writeText(block("python", "def verified") + "\n\n" + block("python", "from flask") + "\n\n" + run)
            output(folder, "python3", "receive.py", "$file") shouldContainExactly expected
        }

        test("the receiver in FastAPI is Python") {
            skipWithout("python3")
            folder.resolve("fast.py").writeText(block("python", "from fastapi"))
            output(folder, "python3", "-m", "py_compile", "fast.py") shouldBe emptyList()
        }

        test("the verification in JavaScript takes what is genuine and nothing else") {
            skipWithout("node")
            val run = """
                import fs from "node:fs";
                for (const { headers, body } of JSON.parse(fs.readFileSync(process.argv[2]))) {
                  console.log(verified("${secret.reveal()}", headers, Buffer.from(body, "base64")));
                }
            """.trimIndent()
            folder.resolve("verify.mjs").writeText(block("javascript", "function verified") + run)
            output(folder, "node", "verify.mjs", "$file") shouldContainExactly expected
        }

        test("the receiver in Express answers 204 or 401") {
            skipWithout("node")
            // Express itself isn't here: a stand-in for its three calls, which hands over what express.raw does.
            val run = """
                import fs from "node:fs";
                const inbox = [];
                let receive;
                const express = { raw: (options) => options };
                const app = { post: (path, options, handler) => (receive = handler) };
            """.trimIndent() + "\n" + block("javascript", "express.raw") + """
                for (const { headers, body } of JSON.parse(fs.readFileSync(process.argv[2]))) {
                  let code;
                  const response = { status: (status) => ((code = status), response), end: () => response };
                  receive({ headers, body: Buffer.from(body, "base64") }, response);
                  console.log({ 204: true, 401: false }[code]);
                }
            """.trimIndent()
            folder.resolve("receive.mjs").writeText(block("javascript", "function verified") + run)
            output(folder, "node", "receive.mjs", "$file") shouldContainExactly expected
        }
    })
