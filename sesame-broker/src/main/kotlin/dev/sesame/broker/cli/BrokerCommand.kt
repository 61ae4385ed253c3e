package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.options.validate
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.path
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.sesame.broker.Broker
import dev.sesame.broker.BrokerConfig
import dev.sesame.broker.CannotStart
import dev.sesame.broker.access.Secret
import dev.sesame.broker.access.Site
import dev.sesame.broker.address.TrustedProxies
import dev.sesame.broker.inforce.PolicyFile
import dev.sesame.broker.place
import java.lang.management.ManagementFactory
import java.nio.file.Path
import java.util.Locale

/** Serves until it is told to stop. */
internal class BrokerCommand : CoreCliktCommand(name = "broker") {
    override fun help(context: Context) = "Serves approvals from an embedded database, or a PostgreSQL, until SIGTERM or Ctrl-C."

    private val host by option(envvar = "SESAME_HOST", help = "Where to listen").default("127.0.0.1")
    private val port by option(
        envvar = "SESAME_PORT",
        help = "0 takes a free one",
    ).int().restrictTo(0..65535).default(BrokerConfig.DEFAULT_PORT)
    private val dataDir by option(envvar = "SESAME_DATA_DIR", help = "Database and credentials").path().default(Path.of("sesame-data"))
    private val database by DatabaseOptions()
    private val publicUrl by option(envvar = "SESAME_PUBLIC_URL", help = "How people reach it").validate {
        Site.problem(it)?.let(::fail)
    }
    private val trustedProxies by option(
        envvar = "SESAME_TRUSTED_PROXIES",
        help = "Proxies that are believed when X-Forwarded-For says who calls: CIDR, comma-separated",
    ).convert { text ->
        try {
            TrustedProxies.of(text)
        } catch (problem: IllegalArgumentException) {
            fail(problem.message.orEmpty())
        }
    }.default(TrustedProxies.NONE)
    private val bootstrapApiKey by option(envvar = "SESAME_BOOTSTRAP_API_KEY", help = "Made once if absent").validate {
        require(it.startsWith(Secret.LIVE_KEY) && it.length >= Secret.LIVE_KEY.length + 32) {
            "must be sk_live_ and at least 32 characters"
        }
    }
    private val bootstrapApproverToken by option(
        envvar = "SESAME_BOOTSTRAP_APPROVER_TOKEN",
        help = "An admin's, made once if absent",
    ).validate {
        require(it.startsWith(Secret.APPROVER_TOKEN) && it.length >= Secret.APPROVER_TOKEN.length + 32) {
            "must be at_ and at least 32 characters"
        }
    }

    private val decisions by DecisionOptions()

    private val policyFile by option(
        envvar = "SESAME_POLICY_FILE",
        help = "The policy; default: ${PolicyFile.NAME} in the data directory, where there is one",
    ).path()

    private val webhooks by WebhookOptions()
    private val telling by TelegramOptions()
    private val push by PushOptions()
    private val limits by LimitOptions()

    @Volatile private var exitCode = 0

    override fun run() {
        refuseIdle()
        val broker = try {
            Broker.start(config())
        } catch (problem: CannotStart) {
            echo("sesame: ${problem.message}", err = true)
            throw ProgramResult(1)
        }
        stopOnSignal(broker)
        broker.made.forEach {
            echo("Made the ${it.what}: it is in ${it.file}${if (isTerminal()) ": ${it.secret.clear}" else ""}")
        }
        echo("Sesame broker ready on ${broker.url} in ${sinceStart()} s (data in ${database.toConfig()?.place() ?: dataDir})")
        val ended = broker.awaitEnd()
        echo("sesame: this broker ends: ${ended.why}", err = true)
        exitCode = if (ended.isWanted) 0 else 1
        throw ProgramResult(exitCode)
    }

    private fun config() = BrokerConfig(
        host,
        port,
        dataDir,
        database.toConfig(),
        publicUrl?.trimEnd('/'),
        trustedProxies,
        bootstrapApiKey?.let(::Secret),
        bootstrapApproverToken?.let(::Secret),
        webhooks.secret,
        webhooks.allow,
        webhooks.secretsKey,
        telegram = telling.toConfig(),
        push = push.toConfig(),
        confirmRisk = decisions.confirmRisk,
        stepUp = decisions.stepUp,
        extendWithin = decisions.extendWithin,
        denyReasons = decisions.denyReasons,
        policyFile = policyFile,
        limits = limits.toLimits(),
    )

    /** A setting that would be silently without effect stops the start instead. */
    private fun refuseIdle() {
        val why = telling.idle?.let { "$it is set, but has no effect without SESAME_TELEGRAM_BOT_TOKEN: set both or neither" }
            ?: database.idle?.let { "$it is set, but has no effect without SESAME_DATABASE_URL: set both or neither" }
            ?: push.idle?.let { "$it is set, but has no effect with SESAME_PUSH=false: unset one of them" } ?: return
        echo("sesame: $why", err = true)
        throw ProgramResult(1)
    }

    /** The JVM's own exit code on SIGTERM would be 143; an orderly stop is a success. */
    private fun stopOnSignal(broker: Broker) {
        val hook = Thread {
            broker.close()
            Runtime.getRuntime().halt(exitCode)
        }
        Runtime.getRuntime().addShutdownHook(hook)
    }

    /** From JDK 22 on there may be a console without a terminal, and a way to ask; before, there is none of either. */
    private fun isTerminal(): Boolean {
        val console = System.console() ?: return false
        val ask = console.javaClass.methods.find { it.name == "isTerminal" } ?: return true
        return ask.invoke(console) == true
    }

    private fun sinceStart(): String {
        val running = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().startTime
        return "%.1f".format(Locale.ROOT, running / 1000.0)
    }
}
