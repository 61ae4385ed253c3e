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
            ApprovalTerms.strictest(emptyList()) shouldBe ApprovalTerms(approvalsRequired = 1)
        }

        test("one rule's terms are its own") {
            val escalation = EscalationTerms(hour, setOf("board"))
            val terms = ApprovalTerms(2, setOf("ops"), mapOf("ops" to 1), true, hour, setOf("push"), listOf(hour), escalation)
            ApprovalTerms.strictest(listOf(terms)) shouldBe terms
        }

        test("the owner may answer where every rule says so, may not where one forbids it, and else the requester says") {
            fun together(vararg each: Boolean?) = ApprovalTerms.strictest(each.map { ApprovalTerms(allowSelf = it) })?.allowSelf
            together(true, true) shouldBe true
            together(true, null) shouldBe null
            together(null, null) shouldBe null
            together(true, false) shouldBe false
            together(null, false) shouldBe false
        }

        test("people are told over the channels of all rules, and reminded as the first says that says anything") {
            fun together(vararg each: Set<String>?) = ApprovalTerms.strictest(each.map { ApprovalTerms(channels = it) })?.channels
            together(null, null) shouldBe null
            together(null, setOf("push")) shouldBe setOf("push")
            together(setOf("push", "telegram"), setOf("telegram")) shouldBe setOf("telegram")
            together(setOf("push"), setOf("telegram")) shouldBe emptySet()
            val reminders = listOf(null, listOf(hour), emptyList()).map { ApprovalTerms(reminders = it) }
            ApprovalTerms.strictest(reminders)?.reminders shouldBe listOf(hour)
        }

        test("it escalates only where every rule says so: last of them all, and to the groups of all") {
            fun together(vararg each: EscalationTerms?) = ApprovalTerms.strictest(each.map { ApprovalTerms(escalation = it) })?.escalation
            val toBoth = EscalationTerms(hour, setOf("board", "ops"))
            together(toBoth, null) shouldBe null
            together(toBoth, EscalationTerms(hour.dividedBy(2), setOf("board"))) shouldBe EscalationTerms(hour, setOf("board"))
            together(toBoth, EscalationTerms(hour, setOf("finance"))) shouldBe null
        }
    })
