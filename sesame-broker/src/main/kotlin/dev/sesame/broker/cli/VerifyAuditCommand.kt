package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.multiple
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.path
import dev.sesame.InvalidRequestException
import dev.sesame.ReceiptKeys
import dev.sesame.broker.BrokerDirectory
import dev.sesame.broker.audit.AuditReader
import dev.sesame.broker.audit.Verified
import dev.sesame.broker.audit.VerifyAudit
import dev.sesame.broker.audit.Witness
import dev.sesame.broker.audit.Witnesses
import dev.sesame.broker.readAudit
import dev.sesame.broker.receipt.jwks
import dev.sesame.broker.store.StoreUnavailable
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

/** Reads only, also beside a running broker. */
internal class VerifyAuditCommand : CoreCliktCommand(name = "verify") {
    override fun help(context: Context) =
        "Looks through the audit in the data directory, or in a PostgreSQL, for what was changed behind the broker's back. Ends with 0 only where nothing was."

    private val dataDir by option(envvar = "SESAME_DATA_DIR", help = "The broker's").path().default(Path.of("sesame-data"))
    private val postgres by DatabaseOptions()
    private val against by option(help = "A file kept elsewhere that holds receipts or checkpoints, such as the broker's log; repeatable")
        .path().multiple()
    private val keys by option(help = "The broker's JWK set, kept elsewhere; default: the keys in the data directory").path()

    override fun run() {
        val verified = try {
            postgres.toConfig()?.let { readAudit(it, ::verify) } ?: readAudit(embedded(), ::verify)
        } catch (problem: StoreUnavailable) {
            throw failure(problem.message!!)
        }
        report(verified)
    }

    private fun embedded(): Path =
        BrokerDirectory.databaseIn(dataDir).also { if (Files.notExists(it)) throw failure("there is no database in $dataDir") }

    private fun verify(reader: AuditReader): Verified {
        val trusted = trusted(reader) ?: return VerifyAudit(reader, emptyList()).run()
        val witnesses = Witnesses(trusted)
        val unsigned = mutableListOf<String>()
        val kept = reader.checkpoints().flatMap { (seq, signed) ->
            val found = witnesses.of(signed) { "checkpoint $it" }
            if (found.witnesses.none { it.index == seq }) unsigned += "the checkpoint of entry $seq was not signed by a known key"
            found.witnesses
        }.toList()
        return VerifyAudit(reader, kept + against.flatMap { outside(it, witnesses) }, unsigned).run()
    }

    private fun outside(file: Path, witnesses: Witnesses): List<Witness> {
        val found = witnesses.of(read(file)) { "$file" }
        if (found.unsigned >
            0
        ) {
            throw failure("$file: ${found.unsigned} receipts or checkpoints in it were not signed by a known key; see --keys")
        }
        if (found.witnesses.isEmpty()) throw failure("$file holds neither a receipt nor a checkpoint")
        return found.witnesses
    }

    private fun trusted(reader: AuditReader): ReceiptKeys? {
        val kept = keys?.let(::read) ?: reader.publicKeys().takeIf { it.isNotEmpty() }?.let { jwks(it).toString() } ?: return null
        return try {
            ReceiptKeys.fromJwks(kept)
        } catch (problem: InvalidRequestException) {
            throw failure("${keys ?: "the data directory"}: ${problem.message}")
        }
    }

    private fun read(file: Path): String = try {
        Files.readString(file)
    } catch (problem: IOException) {
        throw failure("$file can't be read (${problem.javaClass.simpleName})")
    }

    private fun report(verified: Verified) {
        verified.problems.forEach { echo(it, err = true) }
        if (verified.problemCount > verified.problems.size) echo("… and ${verified.problemCount - verified.problems.size} more", err = true)
        if (verified.problemCount > 0) throw failure("the audit, or what it tells of, was changed: ${verified.problemCount} findings")
        echo("Nothing was changed: ${verified.head.seq} entries, ${verified.approvals} requests, head ${verified.head.hash}")
        if (against.isEmpty()) {
            echo(
                "An audit that was written anew as a whole shows only --against receipts or checkpoints kept elsewhere.",
            )
        }
    }
}
