package dev.sesame.broker.access

import dev.sesame.Mode
import dev.sesame.broker.store.question
import dev.sesame.broker.store.random
import dev.sesame.broker.store.start
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Claim
import dev.sesame.rules.Progress
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeUnique
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch

class ClaimTokenTest :
    FunSpec({
        val tokens = ClaimToken(random(32))
        val question = question(Requester("rq", "billing", null, start))

        fun claimed(claimant: String = "c".repeat(22), fence: Int = 1, id: String = question.id) =
            ApprovalRecord(question.copy(id = id, mode = Mode.LIVE), Progress(claim = Claim(claimant, fence, start)), version = 3)

        test("the token of a claim is the same whenever it is asked for, longer lease or not") {
            val record = claimed()
            val later = record.copy(
                progress = record.progress.copy(claim = record.progress.claim!!.copy(leaseUntil = start.plusSeconds(60))),
                version = 9,
            )
            tokens.of(record) shouldBe tokens.of(later)
            tokens.of(record)!! shouldMatch "ct_[A-Za-z0-9_-]{43}"
        }

        test("it proves the fence of its own claim") {
            tokens.fence(claimed(fence = 7), tokens.of(claimed(fence = 7))!!) shouldBe 7
        }

        test("approval, claimant, fence and the broker's secret each make it another one, which proves nothing") {
            val record = claimed()
            val others = listOf(
                tokens.of(claimed(claimant = "d".repeat(22))),
                tokens.of(claimed(fence = 2)),
                tokens.of(claimed(id = "ap_" + "a".repeat(26))),
                ClaimToken(random(32)).of(record),
            ).map { it!! }
            (others + tokens.of(record)!!).shouldBeUnique()
            (others + listOf("", "ct_", "ct_é", tokens.of(record)!! + "x", tokens.of(record)!!.dropLast(1))).forEach {
                tokens.fence(record, it).shouldBeNull()
            }
        }

        test("claimants and fences can't run into each other") {
            listOf(claimed("c1", 1), claimed("c", 11), claimed("c", 1), claimed("c11", 1)).map { tokens.of(it) }.shouldBeUnique()
        }

        test("without a claim there is no token, and none proves anything") {
            val free = claimed().copy(progress = Progress())
            tokens.of(free).shouldBeNull()
            tokens.fence(free, tokens.of(claimed())!!).shouldBeNull()
        }
    })
