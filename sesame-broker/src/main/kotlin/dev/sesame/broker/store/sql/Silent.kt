package dev.sesame.broker.store.sql

import org.jdbi.v3.core.Jdbi
import org.jdbi.v3.core.statement.StatementExceptions
import javax.sql.DataSource

/** Over [source]; failures are logged, so they say what was tried, and never with which values: these are what people were asked. */
internal fun silentJdbi(source: DataSource): Jdbi = Jdbi.create(source).configure(StatementExceptions::class.java) { exceptions ->
    exceptions.setMessageRendering { "${it.shortMessage} [${it.statementContext?.rawSql}]" }
}
