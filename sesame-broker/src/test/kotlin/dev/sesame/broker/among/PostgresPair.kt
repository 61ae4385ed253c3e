package dev.sesame.broker.among

import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.temporaryDirectory
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions
import kotlin.io.path.createFile
import kotlin.io.path.div

/** A primary, and the standby that each of its commits waits for. Nothing here lets one take over from the other by itself. */
internal class PostgresPair : AutoCloseable {
    private val scratch = temporaryDirectory()
    val primary: PostgresNode = PostgresNode(scratch / "primary") { mapOf("synchronous_standby_names" to "standby") }
    val standby: PostgresNode = PostgresNode(scratch / "standby") {
        mapOf("primary_conninfo" to "host=127.0.0.1 port=${primary.port} user=postgres application_name=standby")
    }

    /** For brokers, the primary first. */
    val url: String get() = "jdbc:postgresql://127.0.0.1:${primary.port},127.0.0.1:${standby.port}/$NAME?user=postgres"

    init {
        PostgresNode.make(scratch / "primary")
        (scratch / "primary").toFile().copyRecursively((scratch / "standby").toFile())
        Files.setPosixFilePermissions(scratch / "standby", PosixFilePermissions.fromString("rwx------")) // else it doesn't start
        (scratch / "standby" / "standby.signal").createFile()
        primary.start()
        standby.start()
        awaitThat("the standby to follow") { primary.ask("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == "1" }
        primary.ask("CREATE DATABASE $NAME")
    }

    override fun close() {
        primary.close()
        standby.close()
    }

    companion object {
        const val NAME = "sesame"

        /** At the primary: the commits that wait for the standby. */
        const val WAITING = "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query = 'COMMIT'"
    }
}
