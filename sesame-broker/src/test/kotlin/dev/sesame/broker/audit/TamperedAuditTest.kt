package dev.sesame.broker.audit

import dev.sesame.Answer
import dev.sesame.broker.json
import dev.sesame.broker.readAudit
import dev.sesame.broker.store.Stores
import dev.sesame.broker.store.after
import dev.sesame.broker.store.question
import dev.sesame.broker.store.sqlite.SqliteDatabase
import dev.sesame.broker.store.start
import dev.sesame.broker.store.vote
import dev.sesame.broker.temporaryDirectory
import dev.sesame.rules.Command
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.runBlocking
import java.nio.file.Files
import java.nio.file.Path
import java.sql.DriverManager
import kotlin.random.Random

/** Whoever owns the database file may change anything in it; it shows. */
class TamperedAuditTest :
    FunSpec({
        val dir = temporaryDirectory()
        val original = dir.resolve("sesame.db")
        runBlocking { Stores { SqliteDatabase(original) }.use { it.live() } }
        val known = readAudit(original) { VerifyAudit(it, emptyList()).run() }
        val witness = Witness("a checkpoint kept elsewhere", known.head.seq, known.head.hash)

        fun findings(tamper: (Tampering) -> Unit): Verified {
            val copy = Files.copy(original, dir.resolve("copy-${Files.list(dir).use { it.count() }}.db"))
            try {
                DriverManager.getConnection("jdbc:sqlite:$copy").use { tamper(Tampering(it)) }
                return readAudit(copy) { VerifyAudit(it, listOf(witness)).run() }
            } finally {
                Files.deleteIfExists(copy)
            }
        }

        test("an audit that nobody touched has nothing to find") {
            known.problems.shouldBeEmpty()
            known.approvals shouldBe APPROVALS
            findings { }.problems.shouldBeEmpty()
        }

        test("what was redacted says so itself: the values are in no row any more, and both contexts are as the audit left them") {
            DriverManager.getConnection("jdbc:sqlite:$original").use { connection ->
                connection.createStatement().use { statement ->
                    fun count(where: String) =
                        statement.executeQuery("SELECT count(*) FROM approvals WHERE $where").run { next().let { getInt(1) } }
                    count("question LIKE '%erasures%'") shouldBe REDACTED_ONES
                    count("question LIKE '%erasures%' AND (question LIKE '%\"order\":\"A%' OR progress LIKE '%B-7%')") shouldBe 0
                }
            }
        }

        test("1,000 random edits, deletions, reorderings, truncations, rewrites and redactions are all found") {
            val seed = System.nanoTime()
            val random = Random(seed)
            repeat(1_000) { round ->
                val kind = Tampering.KINDS.keys.elementAt(round % Tampering.KINDS.size)
                withClue("seed $seed, round $round: $kind") {
                    findings { Tampering.KINDS.getValue(kind)(it, random) }.problemCount shouldBeGreaterThan 0
                }
            }
        }

        test("without a witness from elsewhere, a full rewrite passes: that is what witnesses are for") {
            val copy: Path = Files.copy(original, dir.resolve("rewritten.db"))
            DriverManager.getConnection("jdbc:sqlite:$copy").use { Tampering(it).writeAnew(Random(1)) }
            readAudit(copy) { VerifyAudit(it, emptyList()).run() }.problems.shouldBeEmpty()
            readAudit(copy) { VerifyAudit(it, listOf(witness)).run() }.problemCount shouldBe 1
        }
    })

private const val APPROVALS = 40
private const val REDACTED_ONES = 15

/** Questions with all the ends that there are. */
private suspend fun Stores.live() {
    val requester = requester()
    val ada = approver()
    repeat(APPROVALS) { number ->
        val record = opened(question(requester, dedupKey = "key $number").copy(editable = listOf("order")))
        val end = when (number % 4) {
            0 -> vote(ada).copy(context = json("order" to "B-7"))
            1 -> vote(ada, Answer.DENY)
            2 -> Command.Cancel
            else -> return@repeat
        }
        val over = record.after(end).after
        approvals.commit(1, record.after(end), start.plusSeconds(1))
        if (number % 8 < 4) approvals.commit(2, over.after(Command.Redact(listOf("order"), ada.id), LONG_AFTER), LONG_AFTER)
    }
}

/** When what was approved can't run any more. */
private val LONG_AFTER = start.plusSeconds(100_000)
