package dev.sesame.broker.cli

import com.github.ajalt.clikt.parameters.groups.OptionGroup
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.options.validate
import dev.sesame.broker.DatabaseConfig
import dev.sesame.broker.access.Secret
import dev.sesame.broker.databaseUrlProblem

/** Which PostgreSQL holds everything, where it isn't a file in the data directory. */
internal class DatabaseOptions : OptionGroup("PostgreSQL") {
    private val url by option(
        "--database-url",
        envvar = URL,
        help = "A PostgreSQL in place of the embedded database: jdbc:postgresql://host:port/database",
    ).validate { url -> databaseUrlProblem(url)?.let { fail(it) } }

    private val user by option("--database-user", envvar = "SESAME_DATABASE_USER", help = "Where the URL names none")

    private val password by option(
        "--database-password",
        envvar = "SESAME_DATABASE_PASSWORD",
        help = "Better as the variable: others on this machine see what a command was given",
    )

    /** What stands beside no URL, and would have no effect. */
    val idle: String? get() = if (url != null) {
        null
    } else {
        listOfNotNull("SESAME_DATABASE_USER".takeIf { user != null }, "SESAME_DATABASE_PASSWORD".takeIf { password != null }).firstOrNull()
    }

    /** `null`: the embedded database. */
    fun toConfig(): DatabaseConfig? = url?.let { DatabaseConfig(it, user, password?.let(::Secret)) }

    companion object {
        const val URL = "SESAME_DATABASE_URL"
    }
}
