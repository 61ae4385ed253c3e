package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.subcommands
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.options.required
import com.github.ajalt.clikt.parameters.types.path
import dev.sesame.InvalidRequestException
import dev.sesame.Receipt
import dev.sesame.ReceiptKeys
import dev.sesame.ReceiptVerificationException
import dev.sesame.ReceiptVerifier
import dev.sesame.broker.access.Ids
import dev.sesame.broker.text.shown
import java.io.IOException
import java.nio.file.Files
import java.nio.file.InvalidPathException
import java.nio.file.Path

internal fun receiptCommand(): CoreCliktCommand = Noun("receipt", "Signed proof of a decision.").subcommands(
    ShowReceiptCommand(),
    VerifyReceiptCommand(),
    RotateKeyCommand(),
)

/** Prints the receipt, for whoever keeps it. */
private class ShowReceiptCommand : CoreCliktCommand(name = "show") {
    override fun help(context: Context) = "Prints the receipt of a decided request."

    private val connection by Connection()
    private val typed by argument("ID")

    override fun run() {
        val id = typed.takeIf(Ids::isApproval) ?: throw failure("not_found: ${shown(typed)} is no request's id")
        echo(connection.get("/v1/approvals/$id/receipt").text("receipt"))
    }
}

/** Asks nobody. */
private class VerifyReceiptCommand : CoreCliktCommand(name = "verify") {
    override fun help(context: Context) = "Checks a receipt by the broker's keys and tells what it says, without any broker."

    private val given by argument("RECEIPT", help = "The receipt, or a file that holds it")
    private val keys by option(help = "The broker's JWK set, as from its /.well-known/jwks.json").path().required()
    private val allowTest by option("--allow-test", help = "Believes receipts of test mode").flag()

    override fun run() {
        try {
            tell(ReceiptVerifier(ReceiptKeys.fromJwks(read(keys)), allowTest).verify(receipt()))
        } catch (problem: InvalidRequestException) {
            throw failure("$keys: ${problem.message}")
        } catch (problem: ReceiptVerificationException) {
            throw failure(problem.message!!)
        }
    }

    private fun receipt(): String {
        val file = try {
            Path.of(given).takeIf(Files::isRegularFile)
        } catch (_: InvalidPathException) {
            null
        }
        return file?.let(::read) ?: given
    }

    private fun read(file: Path): String = try {
        Files.readString(file)
    } catch (problem: IOException) {
        throw failure("$file can't be read (${problem.javaClass.simpleName})")
    }

    private fun tell(receipt: Receipt) {
        val votes = receipt.votes.joinToString { "${shown(it.by.toString())} ${it.vote} by ${it.via} at ${it.at}" }
        listOf(
            "request" to receipt.approvalId,
            "action" to shown(receipt.action),
            "decision" to "${receipt.status} at ${receipt.decidedAt}",
            "votes" to votes.ifEmpty { "none" },
            "context" to receipt.contextHash + if (receipt.contextHash == receipt.requestHash) "" else " (changed by the approver)",
            "mode" to receipt.mode.toString(),
            "signed by" to shown(receipt.issuer),
            "audit" to "entry ${receipt.log}",
        ).forEach { (name, value) -> echo("%-10s %s".format(name, value)) }
    }
}

/** From now on, another key signs. */
private class RotateKeyCommand : CoreCliktCommand(name = "rotate-key") {
    override fun help(context: Context) = "Makes a new key, which signs from now on; receipts of before stay good."

    private val connection by Connection()
    private val revoke by option("--revoke-others", help = "Ends all earlier keys: what they signed is believed no more").flag()

    override fun run() {
        val made = connection.post("/v1/admin/signing-keys").text("id")
        echo("New key $made: give the new /.well-known/jwks.json to whoever checks receipts.")
        if (!revoke) return
        val others = connection.get("/v1/admin/signing-keys").objects("signing_keys").filter {
            it.text("id") != made &&
                it.text("revoked_at").isEmpty()
        }
        others.forEach { connection.post("/v1/admin/signing-keys/${it.text("id")}/revoke") }
        echo("Revoked ${others.size}.")
    }
}
