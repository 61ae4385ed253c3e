package dev.sesame.broker.store.postgres

import org.jdbi.v3.core.argument.AbstractArgumentFactory
import org.jdbi.v3.core.argument.Argument
import org.jdbi.v3.core.config.ConfigRegistry
import java.sql.Types

/** PostgreSQL takes no NUL in a text. Nothing that is kept holds one, so who looks for one finds nothing, as on the other engine. */
internal class WithoutNul : AbstractArgumentFactory<String>(Types.VARCHAR) {
    override fun build(value: String, config: ConfigRegistry) =
        Argument { position, statement, _ -> statement.setString(position, value.replace('\u0000', '\uFFFD')) }
}
