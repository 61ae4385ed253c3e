package dev.sesame.bench.kill

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class SummaryTest :
    FunSpec({
        test("a whole run says that every call in doubt was found done or not done") {
            val ledger = Ledger().apply { inDoubt.add(7) }
            val said = summaryOf(ledger, listOf(1, 1, 0), kills = 3)
            said.last() shouldBe "7 calls got no answer: each was found either done or not done, never in between"
            said shouldContain "0 double runs in 2 runs under 3 dedup keys by approve { }"
        }

        test("a broken run says what broke, and claims nothing of the calls in doubt") {
            val ledger = Ledger().apply {
                inDoubt.add(7)
                broken += "ap_1 was acknowledged and is gone"
            }
            val said = summaryOf(ledger, listOf(2), kills = 1)
            said.first() shouldBe "BROKEN: ap_1 was acknowledged and is gone"
            said[1] shouldContain "1 BROKEN of 0"
            said shouldContain "1 double runs in 2 runs under 1 dedup keys by approve { }"
            said.last() shouldNotContain "either done"
        }
    })
