package dev.sesame.bench.faults

import dev.sesame.bench.seconds
import java.nio.file.Path
import java.sql.DriverManager
import kotlin.time.Duration

/** One scene, with one fault after the other under load; then quiet, and the reckoning. */
internal class Round(
    private val scene: Scene,
    private val load: Load,
    private val counts: Counts,
    private val backWithinMs: Long,
    private val say: (String) -> Unit,
) {
    private val probe = Probe(scene)

    /** Whatever is broken is in the scene's faults then. */
    fun run(faults: List<Fault>) {
        load.begin()
        checkNotNull(probe.untilWell(backWithinMs)) { "the brokers did not begin to work" }
        for (fault in faults) if (!isBorne(fault)) return
        val quietSince = System.nanoTime()
        load.end()
        awaitWhatIsOwed()
        say("${scene.engine}: nothing is owed any more %.1f s after the last question".format((System.nanoTime() - quietSince) / NANOS))
        val lines = scene.history.read()
        val documents = scene.doors.first().everything()
        scene.faults += Judge(lines, documents).broken()
        audit(scene.nodes.first()) // they share it
        if (scene.postgres == null) checkFile(scene.nodes.single().broker.dataDir.resolve("sesame.db"))
        counts.add(lines, documents)
        say("${scene.engine}: ${documents.size} approvals compared with ${lines.size} lines of history; ${scene.faults.size} broken")
    }

    private fun isBorne(fault: Fault): Boolean {
        val before = scene.history.unanswered
        val began = System.nanoTime()
        fault.strike()
        val lasted = System.nanoTime() - began
        val back = probe.untilWell(backWithinMs)
        val doubts = scene.history.unanswered - before
        counts.fault(fault.name, back ?: Duration.INFINITE)
        if (back == null) scene.faults += "NOT BACK: ${scene.engine} did not work again within $backWithinMs ms after: ${fault.name}"
        say(
            "${scene.engine}: %s (%.1f s): back in ${back?.let(::seconds) ?: "no time"}, $doubts calls without an answer".format(
                fault.name,
                lasted / NANOS,
            ),
        )
        generateSequence { scene.remarks.poll() }.forEach { say("  $it") }
        return back != null
    }

    /** Everything is decided; webhooks and reports may be on their way still. */
    private fun awaitWhatIsOwed() {
        val end = System.nanoTime() + OWED_WITHIN_MS * MS
        while (System.nanoTime() < end && isOwing(scene.doors.first().everything().values)) Thread.sleep(LOOK_EVERY_MS)
    }

    private fun isOwing(documents: Collection<Map<String, String>>): Boolean = documents.any { document ->
        !scene.receiver.hasCome(document.getValue("id")) || document["execution"] == "claimed"
    }

    private fun audit(node: Node) {
        val (code, printed) = node.broker.command("audit", "verify")
        if (code != 0) scene.faults += "AUDIT: at ${node.name} it doesn't verify: ${printed.lines().first()}"
    }

    private fun checkFile(file: Path) {
        val said = DriverManager.getConnection("jdbc:sqlite:$file").use { connection ->
            connection.createStatement().use { statement ->
                statement.executeQuery("PRAGMA integrity_check").use { if (it.next()) it.getString(1) else "no answer" }
            }
        }
        if (said != "ok") scene.faults += "DAMAGED: the integrity check of the database says $said"
    }

    private companion object {
        /** What a broker leased that died or was cut off is sent again when that lease of 60 s is over, at the latest. */
        const val OWED_WITHIN_MS = 150_000L
        const val LOOK_EVERY_MS = 1_000L
        const val MS = 1_000_000L
        const val NANOS = 1_000_000_000.0
    }
}
