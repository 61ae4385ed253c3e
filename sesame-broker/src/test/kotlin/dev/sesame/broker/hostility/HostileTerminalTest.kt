package dev.sesame.broker.hostility

import com.sun.net.httpserver.HttpServer
import dev.sesame.broker.cli.Terminal
import dev.sesame.hostile.Cases
import dev.sesame.hostile.spoiledJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import java.net.InetAddress
import java.net.InetSocketAddress

private const val ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa"
private const val ESCAPE = "\u001b"

private val commands = listOf(
    "list", "list --status approved", "show $ID", "approve $ID", "notices $ID", "receipt show $ID", "keys list", "requesters list",
    "approvers list", "groups list", "sessions list", "endpoints list", "deliveries list",
)

/** Something of all that any of the commands reads, with what moves a terminal's cursor in every text. */
private val honest = run {
    val text = "\"a\\u001b[2J\""
    val person = """{"id":"pe_1","name":$text}"""
    val thing = """{"id":"xx_1","name":$text,"label":$text,"url":$text,"state":$text,"members":[$person],"approver":$person,"channel":$text,
        "requester":$text,"created_at":"2026-11-20T12:00:00Z","revoked_at":null,"detail":$text,"events":[$text],"last_error":$text}"""
    val approval = """{"approval_id":"$ID","status":"approved","action":$text,"summary":$text,"reason":$text,"requester_label":$text,
        "requested_by":$text,"risk_score":0.5,"context":{"a":$text,"n":{"b":[1,$text]}},"expires_at":$text,"decided_at":$text,
        "votes":[{"by":$person,"vote":"approve","at":$text,"note":$text}],"groups":[$text],"approvals_required":2,
        "approvals_per_group":{"ops":1},"escalation":{"at":$text,"groups":[$text],"escalated_at":$text},
        "decision":{"status":"approved","by":$person,"note":$text},
        "execution":{"state":$text,"claimed_at":"2026-11-20T12:00:00Z","ended_at":null,"detail":$text}}"""
    val lists = listOf("keys", "requesters", "approvers", "groups", "sessions", "endpoints", "deliveries", "notices")
    approval.dropLast(1) + lists.filter { it != "groups" }.joinToString("") { ",\"$it\":[$thing]" } +
        ",\"approvals\":[$approval],\"next_cursor\":null,\"receipt\":\"a.b.c\",\"code\":$text,\"detail\":$text}"
}

/** Whatever answers where a broker should: the command line prints it as text, or says in a line what is wrong. */
class HostileTerminalTest :
    FunSpec({
        var answer = ""
        val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
        server.createContext("/") { call ->
            val bytes = answer.toByteArray()
            call.requestBody.readAllBytes()
            call.sendResponseHeaders(if (call.requestURI.path.contains("refuse")) 400 else 200, bytes.size.toLong())
            call.responseBody.use { it.write(bytes) }
        }
        server.start()
        afterSpec { server.stop(0) }
        val terminal = Terminal(
            "SESAME_BROKER_URL" to "http://127.0.0.1:${server.address.port}",
            "SESAME_APPROVER_TOKEN" to "at_" + "x".repeat(43),
        )

        test("no answer ends a command with anything but 0 or a line and 1, and none moves the cursor") {
            Cases(60).each({ random -> commands.random(random) to random.spoiledJson(honest) }) { (command, text) ->
                answer = text
                val said = terminal.run(*command.split(' ').toTypedArray())
                (said.code in 0..1) shouldBe true
                said.out shouldNotContain ESCAPE
                said.err shouldNotContain ESCAPE
                if (said.code == 1) said.err.trim().lines().size shouldBe 1
            }
        }

        val deep = "[".repeat(100_000)
        listOf(deep, "{\"approvals\":$deep", "[]", "{}", "{\"approvals\":{}}", "{\"approvals\":[1]}").forEach { odd ->
            test("${odd.take(20)}… is no broker's list") {
                answer = odd
                terminal.run("list").badly("no Sesame broker")
            }
        }

        test("a list that goes on at the same place for ever is ended") {
            answer = """{"approvals":[],"next_cursor":"abc"}"""
            terminal.run("list").code shouldBe 0
        }
    })
