package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.CoreNoOpCliktCommand
import com.github.ajalt.clikt.core.context
import com.github.ajalt.clikt.core.subcommands

/** The whole command line. */
internal fun sesame(): CoreCliktCommand = SesameCommand().subcommands(
    BrokerCommand(),
    ListCommand(),
    ShowCommand(),
    ApproveCommand(),
    DenyCommand(),
    ExtendCommand(),
    AnswerCommand(),
    CancelCommand(),
    RedactCommand(),
    ResolveCommand(),
    keysCommand(),
    requestersCommand(),
    approversCommand(),
    groupsCommand(),
    sessionsCommand(),
    endpointsCommand(),
    deliveriesCommand(),
    NoticesCommand(),
    auditCommand(),
    receiptCommand(),
    policyCommand(),
    BackupCommand(),
    RestoredCommand(),
    MigrateCommand(),
)

private class SesameCommand : CoreNoOpCliktCommand(name = "sesame") {
    init {
        // What the slim clikt leaves to its users.
        context {
            readEnvvar = { System.getenv(it)?.takeIf(String::isNotEmpty) }
            exitProcess = { System.exit(it) }
            echoMessage = { _, message, newline, isError ->
                val out = if (isError) System.err else System.out
                if (newline) out.println(message) else out.print(message)
                out.flush()
            }
        }
    }

    override fun help(context: Context) = "The approval gate: the broker, and what its people and operators do."
}
