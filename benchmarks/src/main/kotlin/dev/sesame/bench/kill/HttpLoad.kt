package dev.sesame.bench.kill

import dev.sesame.bench.PlainHttp
import dev.sesame.bench.Reply
import dev.sesame.bench.text
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import java.util.concurrent.CompletableFuture
import kotlin.random.Random

/** Who the driver is to the broker: one requester, and two people who may answer. */
internal class Callers(val requester: PlainHttp, val people: List<PlainHttp>) : AutoCloseable {
    override fun close() {
        requester.close()
        people.forEach { it.close() }
    }
}

/** One worker of the mixed load over plain HTTP: opens, decides, claims, reports, in an order that [random] says. */
internal class HttpLoad(private val callers: Callers, private val ledger: Ledger, private val random: Random, private val prefix: String) {
    private var opened = 0

    /** Whether the broker still answers: where it doesn't, the call stays in doubt and the worker ends. */
    private var isAnswered = true

    fun work(until: () -> Boolean) {
        while (isAnswered && !until()) step()
    }

    /** Only answers what waits for an answer. */
    fun decideAll(until: () -> Boolean) {
        while (isAnswered && !until()) ledger.toDecide.poll()?.let(::decide) ?: Thread.sleep(IDLE_MS)
    }

    private fun step() {
        val roll = random.nextInt(HUNDRED)
        val taken = when {
            roll < OPENS -> null
            roll < OPENS + DECISIONS -> ledger.toDecide.poll()
            roll < OPENS + DECISIONS + CLAIMS -> ledger.toClaim.poll()
            else -> ledger.toReport.poll()
        }
        when (taken?.stage) {
            null -> open(newCase())

            Case.PENDING -> decide(taken)

            "approved", "approved/failed" -> claim(taken)

            Case.CLAIMED -> report(taken)

            // The inspection came first.
            else -> Unit
        }
    }

    private fun newCase() = Case("$prefix-${opened++}", bySdk = false).also { ledger.cases[it.dedupKey] = it }

    private fun open(case: Case) {
        ledger.touch(case)
        when (val reply = callers.requester.post("/v1/approvals", case.question())) {
            is Reply.Done -> {
                case.requestHash = reply.body.text("request_hash")
                case.id = reply.body.text("approval_id")
                ledger.acknowledged(Act.OPEN, case, reply.body)
                ledger.queue(case)
            }

            is Reply.Refused -> unexpected("open", case, reply)

            Reply.None -> leftInDoubt(case)
        }
    }

    private fun decide(case: Case) {
        val first = if (random.nextInt(DENY_ONE_IN) == 0) "deny" else "approve"
        val answers = if (isRace()) listOf(first, if (first == "deny") "approve" else "deny") else listOf(first)
        val replies = atOnce(case, answers.map { if (it == "deny") "denied" else "approved" }) {
            answers.mapIndexed { index, answer ->
                case.sentAnswers += answer
                callers.people[index].posting("/v1/approvals/${case.id}/decision", buildJsonObject { put("decision", answer) })
            }
        }
        settle(Act.DECISION, case, replies, "already_decided") { it }
    }

    private fun claim(case: Case) {
        val claimants = List(if (isRace()) 2 else 1) { claimant() }
        case.token = null
        case.claimants.clear()
        case.claimants += claimants
        val replies =
            atOnce(case, listOf(Case.CLAIMED)) { claimants.map { callers.requester.posting(case.path("claim"), case.claimBody(it)) } }
        settle(Act.CLAIM, case, replies, "already_claimed") { granted ->
            case.token = granted.text("claim_token")
            granted.getValue("approval").jsonObject
        }
    }

    private fun report(case: Case) {
        val roll = random.nextInt(HUNDRED)
        val outcome = if (roll < FAILED) {
            "failed"
        } else if (roll < FAILED + UNKNOWN) {
            "unknown"
        } else {
            "succeeded"
        }
        val body = case.reportBody(outcome)
        val replies = atOnce(case, listOf("approved/$outcome")) { listOf(callers.requester.posting(case.path("outcome"), body)) }
        settle(Act.OUTCOME, case, replies, mayRefuse = null) {
            case.report = body
            it
        }
    }

    private fun atOnce(case: Case, mayLeadTo: List<String>, calls: () -> List<CompletableFuture<Reply>>): List<Reply> {
        ledger.touch(case)
        case.possible += mayLeadTo
        return calls().map { it.join() }
    }

    /** At most one of several callers at once may have got it. */
    private fun settle(act: Act, case: Case, replies: List<Reply>, mayRefuse: String?, document: (JsonObject) -> JsonObject) {
        val done = replies.filterIsInstance<Reply.Done>()
        if (done.size > 1) ledger.broken += "$case: two ${act.name.lowercase()}s were acknowledged"
        val refused = replies.filterIsInstance<Reply.Refused>()
        refused.filter { it.code != mayRefuse || replies.size == 1 }.forEach { unexpected(act.name, case, it) }
        isAnswered = Reply.None !in replies
        if (done.isNotEmpty()) {
            ledger.acknowledged(act, case, document(done.first().body))
            ledger.queue(case)
        } else if (Reply.None in replies) {
            leftInDoubt(case)
        }
    }

    private fun leftInDoubt(case: Case) {
        case.isInDoubt = true
        ledger.inDoubt.increment()
        isAnswered = false
    }

    private fun unexpected(what: String, case: Case, reply: Reply.Refused) {
        ledger.broken += "$case at ${case.stage}: ${what.lowercase()} was refused with ${reply.status} ${reply.code}"
    }

    private fun isRace() = random.nextInt(RACE_ONE_IN) == 0

    private fun claimant() = buildString { repeat(CLAIMANT_LENGTH) { append(LETTERS[random.nextInt(LETTERS.length)]) } }

    private companion object {
        const val HUNDRED = 100
        const val OPENS = 30
        const val DECISIONS = 28
        const val CLAIMS = 22
        const val FAILED = 8
        const val UNKNOWN = 5
        const val DENY_ONE_IN = 5
        const val RACE_ONE_IN = 6
        const val IDLE_MS = 2L
        const val CLAIMANT_LENGTH = 32
        const val LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
    }
}

internal fun Case.path(call: String): String = "/v1/approvals/$id/$call"

internal fun Case.claimBody(claimant: String): JsonObject = buildJsonObject {
    put("claimant", claimant)
    put("lease_seconds", LEASE_SECONDS)
    put("context_hash", acknowledged?.text("context_hash"))
}

internal fun Case.reportBody(outcome: String): JsonObject = buildJsonObject {
    put("claim_token", token)
    put("outcome", outcome)
    put("detail", "by the kill test")
}

/** The longest there is: a lease that lapses while the broker is down would be another test. */
private const val LEASE_SECONDS = 300
