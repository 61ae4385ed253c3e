package dev.sesame.rules

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe

/** `protocol.md` as a table: [Outcome.of] tells how to read a cell. */
private val closing = """
           | approve          | deny             | asker approves   | asker denies     | cancel           | expire
pending    | APPROVED         | DENIED           | self_approval    | self_approval    | CANCELLED        | -
overdue    | ^already_decided | ^already_decided | ^already_decided | ^already_decided | ^already_decided | EXPIRED
test yes   | +forbidden       | +forbidden       | +forbidden       | +forbidden       | +already_decided | APPROVED
test no    | !forbidden       | !forbidden       | !forbidden       | !forbidden       | !already_decided | DENIED
approved   | already_decided  | already_decided  | already_decided  | already_decided  | already_decided  | -
stale      | already_decided  | already_decided  | already_decided  | already_decided  | already_decided  | -
running    | already_decided  | already_decided  | already_decided  | already_decided  | already_decided  | -
lapsed     | already_decided  | already_decided  | already_decided  | already_decided  | already_decided  | -
succeeded  | already_decided  | already_decided  | already_decided  | already_decided  | already_decided  | -
failed     | already_decided  | already_decided  | already_decided  | already_decided  | already_decided  | -
unknown    | already_decided  | already_decided  | already_decided  | already_decided  | already_decided  | -
denied     | already_decided  | already_decided  | already_decided  | already_decided  | already_decided  | -
expired    | already_decided  | already_decided  | already_decided  | already_decided  | already_decided  | -
cancelled  | already_decided  | already_decided  | already_decided  | already_decided  | -                | -
voted      | APPROVED         | DENIED           | self_approval    | self_approval    | CANCELLED        | -
editable   | APPROVED         | DENIED           | self_approval    | self_approval    | CANCELLED        | -
grouped    | VOTED            | DENIED           | self_approval    | self_approval    | CANCELLED        | -
escalating | APPROVED         | DENIED           | self_approval    | self_approval    | CANCELLED        | -
escalated  | APPROVED         | DENIED           | self_approval    | self_approval    | CANCELLED        | -
edited     | already_decided  | already_decided  | already_decided  | already_decided  | already_decided  | -
"""

private val claims = """
           | claim            | another claims   | wrong hash        | after unknown    | another after
pending    | not_approved     | not_approved     | not_approved      | not_approved     | not_approved
overdue    | ^not_approved    | ^not_approved    | ^not_approved     | ^not_approved    | ^not_approved
test yes   | +again           | +again           | +context_mismatch | +again           | +again
test no    | !not_approved    | !not_approved    | !not_approved     | !not_approved    | !not_approved
approved   | CLAIMED          | CLAIMED          | context_mismatch  | CLAIMED          | CLAIMED
stale      | approval_lapsed  | approval_lapsed  | context_mismatch  | approval_lapsed  | approval_lapsed
running    | RENEWED          | already_claimed  | context_mismatch  | RENEWED          | already_claimed
lapsed     | outcome_unknown  | outcome_unknown  | context_mismatch  | CLAIMED          | CLAIMED
succeeded  | already_executed | already_executed | context_mismatch  | already_executed | already_executed
failed     | claim_lost       | CLAIMED          | context_mismatch  | claim_lost       | CLAIMED
unknown    | outcome_unknown  | outcome_unknown  | context_mismatch  | CLAIMED          | CLAIMED
denied     | not_approved     | not_approved     | not_approved      | not_approved     | not_approved
expired    | not_approved     | not_approved     | not_approved      | not_approved     | not_approved
cancelled  | not_approved     | not_approved     | not_approved      | not_approved     | not_approved
voted      | not_approved     | not_approved     | not_approved      | not_approved     | not_approved
editable   | not_approved     | not_approved     | not_approved      | not_approved     | not_approved
grouped    | not_approved     | not_approved     | not_approved      | not_approved     | not_approved
escalating | not_approved     | not_approved     | not_approved      | not_approved     | not_approved
escalated  | not_approved     | not_approved     | not_approved      | not_approved     | not_approved
edited     | context_mismatch | context_mismatch | CLAIMED           | context_mismatch | context_mismatch
"""

private val reports = """
           | succeeded        | failed           | unknown          | void token       | no token
pending    | claim_lost       | claim_lost       | claim_lost       | claim_lost       | claim_lost
overdue    | ^claim_lost      | ^claim_lost      | ^claim_lost      | ^claim_lost      | ^claim_lost
test yes   | +claim_lost      | +claim_lost      | +claim_lost      | +claim_lost      | +claim_lost
test no    | !claim_lost      | !claim_lost      | !claim_lost      | !claim_lost      | !claim_lost
approved   | claim_lost       | claim_lost       | claim_lost       | claim_lost       | claim_lost
stale      | claim_lost       | claim_lost       | claim_lost       | claim_lost       | claim_lost
running    | REPORTED         | REPORTED         | REPORTED         | claim_lost       | claim_lost
lapsed     | REPORTED         | REPORTED         | REPORTED         | claim_lost       | claim_lost
succeeded  | -                | already_executed | already_executed | claim_lost       | claim_lost
failed     | REPORTED         | -                | REPORTED         | claim_lost       | claim_lost
unknown    | REPORTED         | REPORTED         | -                | claim_lost       | claim_lost
denied     | claim_lost       | claim_lost       | claim_lost       | claim_lost       | claim_lost
expired    | claim_lost       | claim_lost       | claim_lost       | claim_lost       | claim_lost
cancelled  | claim_lost       | claim_lost       | claim_lost       | claim_lost       | claim_lost
voted      | claim_lost       | claim_lost       | claim_lost       | claim_lost       | claim_lost
editable   | claim_lost       | claim_lost       | claim_lost       | claim_lost       | claim_lost
grouped    | claim_lost       | claim_lost       | claim_lost       | claim_lost       | claim_lost
escalating | claim_lost       | claim_lost       | claim_lost       | claim_lost       | claim_lost
escalated  | claim_lost       | claim_lost       | claim_lost       | claim_lost       | claim_lost
edited     | claim_lost       | claim_lost       | claim_lost       | claim_lost       | claim_lost
"""

private val settlements = """
           | settle succeeded | settle failed    | settle unknown
pending    | claim_lost       | claim_lost       | claim_lost
overdue    | ^claim_lost      | ^claim_lost      | ^claim_lost
test yes   | +claim_lost      | +claim_lost      | +claim_lost
test no    | !claim_lost      | !claim_lost      | !claim_lost
approved   | claim_lost       | claim_lost       | claim_lost
stale      | claim_lost       | claim_lost       | claim_lost
running    | already_claimed  | already_claimed  | already_claimed
lapsed     | SETTLED          | SETTLED          | -
succeeded  | -                | already_executed | already_executed
failed     | claim_lost       | -                | claim_lost
unknown    | SETTLED          | SETTLED          | -
denied     | claim_lost       | claim_lost       | claim_lost
expired    | claim_lost       | claim_lost       | claim_lost
cancelled  | claim_lost       | claim_lost       | claim_lost
voted      | claim_lost       | claim_lost       | claim_lost
editable   | claim_lost       | claim_lost       | claim_lost
grouped    | claim_lost       | claim_lost       | claim_lost
escalating | claim_lost       | claim_lost       | claim_lost
escalated  | claim_lost       | claim_lost       | claim_lost
edited     | claim_lost       | claim_lost       | claim_lost
"""

private val strangersAndEdits = """
           | stranger approves | stranger denies  | edits            | edits else
pending    | not_in_group      | not_in_group     | not_editable     | not_editable
overdue    | ^already_decided  | ^already_decided | ^already_decided | ^already_decided
test yes   | +forbidden        | +forbidden       | +forbidden       | +forbidden
test no    | !forbidden        | !forbidden       | !forbidden       | !forbidden
approved   | already_decided   | already_decided  | already_decided  | already_decided
stale      | already_decided   | already_decided  | already_decided  | already_decided
running    | already_decided   | already_decided  | already_decided  | already_decided
lapsed     | already_decided   | already_decided  | already_decided  | already_decided
succeeded  | already_decided   | already_decided  | already_decided  | already_decided
failed     | already_decided   | already_decided  | already_decided  | already_decided
unknown    | already_decided   | already_decided  | already_decided  | already_decided
denied     | already_decided   | already_decided  | already_decided  | already_decided
expired    | already_decided   | already_decided  | already_decided  | already_decided
cancelled  | already_decided   | already_decided  | already_decided  | already_decided
voted      | not_in_group      | not_in_group     | not_editable     | not_editable
editable   | not_in_group      | not_in_group     | APPROVED         | not_editable
grouped    | not_in_group      | not_in_group     | not_editable     | not_editable
escalating | not_in_group      | not_in_group     | not_editable     | not_editable
escalated  | not_in_group      | not_in_group     | not_editable     | not_editable
edited     | already_decided   | already_decided  | already_decided  | already_decided
"""

private val extensions = """
           | extends          | stranger extends | admin extends    | extends too far  | shortens
pending    | EXTENDED         | not_in_group     | EXTENDED         | invalid          | invalid
overdue    | ^already_decided | ^already_decided | ^already_decided | ^already_decided | ^already_decided
test yes   | +forbidden       | +forbidden       | +forbidden       | +forbidden       | +forbidden
test no    | !forbidden       | !forbidden       | !forbidden       | !forbidden       | !forbidden
approved   | already_decided  | already_decided  | already_decided  | already_decided  | already_decided
stale      | already_decided  | already_decided  | already_decided  | already_decided  | already_decided
running    | already_decided  | already_decided  | already_decided  | already_decided  | already_decided
lapsed     | already_decided  | already_decided  | already_decided  | already_decided  | already_decided
succeeded  | already_decided  | already_decided  | already_decided  | already_decided  | already_decided
failed     | already_decided  | already_decided  | already_decided  | already_decided  | already_decided
unknown    | already_decided  | already_decided  | already_decided  | already_decided  | already_decided
denied     | already_decided  | already_decided  | already_decided  | already_decided  | already_decided
expired    | already_decided  | already_decided  | already_decided  | already_decided  | already_decided
cancelled  | already_decided  | already_decided  | already_decided  | already_decided  | already_decided
voted      | EXTENDED         | not_in_group     | EXTENDED         | invalid          | invalid
editable   | EXTENDED         | not_in_group     | EXTENDED         | invalid          | invalid
grouped    | EXTENDED         | not_in_group     | EXTENDED         | invalid          | invalid
escalating | EXTENDED         | not_in_group     | EXTENDED         | invalid          | invalid
escalated  | EXTENDED         | not_in_group     | EXTENDED         | invalid          | invalid
edited     | already_decided  | already_decided  | already_decided  | already_decided  | already_decided
"""

private val escalations = """
           | escalate
pending    | -
overdue    | EXPIRED
test yes   | APPROVED
test no    | DENIED
approved   | -
stale      | -
running    | -
lapsed     | -
succeeded  | -
failed     | -
unknown    | -
denied     | -
expired    | -
cancelled  | -
voted      | -
editable   | -
grouped    | -
escalating | ESCALATED
escalated  | -
edited     | -
"""

private val erasings = """
           | redacts         | redacts else    | rule redacts
pending    | not_approved    | not_approved    | not_approved
overdue    | ^again          | ^invalid        | ^-
test yes   | +already_decided | +already_decided | +already_decided
test no    | !again          | !invalid        | !-
approved   | already_decided | already_decided | already_decided
stale      | REDACTED        | invalid         | -
running    | already_claimed | already_claimed | already_claimed
lapsed     | outcome_unknown | outcome_unknown | outcome_unknown
succeeded  | REDACTED        | invalid         | -
failed     | already_decided | already_decided | already_decided
unknown    | outcome_unknown | outcome_unknown | outcome_unknown
denied     | REDACTED        | invalid         | -
expired    | REDACTED        | invalid         | -
cancelled  | REDACTED        | invalid         | -
voted      | not_approved    | not_approved    | not_approved
editable   | not_approved    | not_approved    | not_approved
grouped    | not_approved    | not_approved    | not_approved
escalating | not_approved    | not_approved    | not_approved
escalated  | not_approved    | not_approved    | not_approved
edited     | already_decided | already_decided | already_decided
"""

private val cells =
    listOf(closing, strangersAndEdits, extensions, escalations, claims, reports, settlements, erasings).flatMap { rulingTable(it) }

class ApprovalRulesTest :
    FunSpec({
        test("every cell is present, once") {
            val all = State.entries.flatMap { state -> Move.entries.map { Cell(state, it) } }
            val written = cells.map { it.first }
            (all - written.toSet()).shouldBeEmpty()
            written.size shouldBe all.size
        }

        cells.forEach { (cell, expected) ->
            test("${cell.move} on ${cell.state} is ${expected.refusal ?: expected.event ?: "granted and changes nothing"}") {
                val before = cell.state.record
                val ruling = ApprovalRules.judge(before, cell.move.command, noon)
                Outcome.of(ruling) shouldBe expected
                ruling.transition?.let { it.shouldContinue(before, cell.move.command, noon) }
            }
        }
    })
