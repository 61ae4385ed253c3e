package dev.sesame.rules

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Duration

class ApprovalTermsTest :
    FunSpec({
        val hour = Duration.ofHours(1)

        test("where several rules may apply, the terms satisfy all of them") {
            val one = ApprovalTerms(
                approvalsRequired = 2,
                groups = setOf("ops", "finance"),
                approvalsPerGroup = mapOf("ops" to 1, "finance" to 2),
                allowSelf = true,
                expiresIn = hour,
            )
            val another = ApprovalTerms(
                approvalsRequired = 3,
                groups = setOf("finance", "board"),
                approvalsPerGroup = mapOf("finance" to 1),
                allowSelf = false,
                expiresIn = hour.multipliedBy(2),
            )
            ApprovalTerms.strictest(listOf(one, another)) shouldBe ApprovalTerms(
                approvalsRequired = 3,
                groups = setOf("finance"),
                approvalsPerGroup = mapOf("ops" to 1, "finance" to 2),
                allowSelf = false,
                expiresIn = hour,
            )
        }

        test("a rule that names no group leaves those of another") {
            val terms = ApprovalTerms.strictest(listOf(ApprovalTerms(), ApprovalTerms(groups = setOf("ops")), ApprovalTerms()))
            terms shouldBe ApprovalTerms(groups = setOf("ops"))
        }

        test("rules without a group in common can't be satisfied together") {
            val groups = listOf(setOf("ops"), setOf("finance")).map { ApprovalTerms(groups = it) }
            ApprovalTerms.strictest(groups) shouldBe null
        }

        test("no rule wants nothing but that somebody else approves") {
            ApprovalTerms.strictest(emptyList()) shouldBe ApprovalTerms(approvalsRequired = 1, allowSelf = false)
        }

        test("one rule's terms are its own") {
            val terms = ApprovalTerms(2, setOf("ops"), mapOf("ops" to 1), allowSelf = true, hour)
            ApprovalTerms.strictest(listOf(terms)) shouldBe terms
        }
    })
