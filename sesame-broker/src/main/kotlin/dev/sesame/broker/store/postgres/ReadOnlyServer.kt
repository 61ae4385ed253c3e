package dev.sesame.broker.store.postgres

import com.zaxxer.hikari.SQLExceptionOverride
import com.zaxxer.hikari.SQLExceptionOverride.Override.CONTINUE_EVICT
import com.zaxxer.hikari.SQLExceptionOverride.Override.MUST_EVICT
import java.sql.SQLException

/** A server that was the primary and is a standby now refuses writes: its connections are of no use any more. The pool makes it by its name. */
internal class ReadOnlyServer : SQLExceptionOverride {
    override fun adjudicate(problem: SQLException): SQLExceptionOverride.Override =
        if (problem.sqlState == READ_ONLY) MUST_EVICT else CONTINUE_EVICT

    private companion object {
        const val READ_ONLY = "25006"
    }
}
