package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option

internal class PasskeysCommand : CoreCliktCommand(name = "passkeys") {
    override fun help(context: Context) = "Lists the passkeys of an approver; suspect_at is when a copy of one seemed to be in use."

    private val connection by Connection()
    private val who by argument("NAME|ID")
    private val json by option(help = "For scripts").flag()

    override fun run() {
        val answer = connection.get("/v1/admin/approvers/${connection.idOf(who, "approvers")}/passkeys")
        val columns = listOf("id", "name", "rp_id", "created_at", "used_at", "suspect_at")
        if (json) echoJson(answer) else echoTable(answer.objects("passkeys"), columns)
    }
}

internal class RemovePasskeysCommand : CoreCliktCommand(name = "remove-passkeys") {
    override fun help(context: Context) = "Ends all passkeys of an approver at once, as when a phone is lost; sign-out ends the sessions."

    private val connection by Connection()
    private val who by argument("NAME|ID")

    override fun run() {
        val answer = connection.post("/v1/admin/approvers/${connection.idOf(who, "approvers")}/passkeys/revoke")
        echo("Ended ${answer.text("ended")} passkeys of $who.")
    }
}
