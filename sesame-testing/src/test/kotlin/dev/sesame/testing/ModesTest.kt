package dev.sesame.testing

import dev.sesame.ApprovalNotFoundException
import dev.sesame.ApprovalRequest
import dev.sesame.ApprovalStatus
import dev.sesame.InvalidRequestException
import dev.sesame.Mode
import dev.sesame.TestDecision
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.test.runTest
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

class ModesTest :
    FunSpec({
        val broker by fakeBroker()

        fun testing() = broker.sesame {
            apiKey = broker.testApiKey
            allowTestMode = true
        }

        test("keys look like those of a broker of one's own") {
            broker.apiKey shouldStartWith "sk_live_sh_"
            broker.testApiKey shouldStartWith "sk_test_sh_"
        }

        test("a live and a test request with one dedup key never meet") {
            val live = broker.sesame().trigger("a", dedupKey = "k")
            val test = testing().trigger("b", dedupKey = "k")
            broker.asked.map { it.mode } shouldBe listOf(Mode.LIVE, Mode.TEST)
            broker.sesame().find(test.id) shouldBe null
            testing().find(live.id) shouldBe null
            testing().approvals().toList().map { it.id } shouldBe listOf(test.id)
        }

        test("a test request is answered as it says itself, when it says") {
            val sesame = testing()
            sesame.approve(ApprovalRequest("a", test = TestDecision.approve())) { it.decision?.via } shouldBe "test"
            val later = sesame.trigger(ApprovalRequest("a", test = TestDecision.deny(5.minutes, note = "no")))
            later.poll().status shouldBe ApprovalStatus.PENDING
            broker.clock.advance(5.minutes)
            later.poll().decision?.note shouldBe "no"
            later.poll().decidedAt shouldBe later.approval.createdAt?.plusSeconds(300)
        }

        test("in virtual time too") {
            runTest {
                val broker = fakeBroker()
                val sesame = broker.sesame {
                    apiKey = broker.testApiKey
                    allowTestMode = true
                }
                sesame.approve(ApprovalRequest("a", test = TestDecision.approve(after = 90.seconds))) { "ran" } shouldBe "ran"
            }
        }

        test("live keys may not say who answers, and no person answers what is test") {
            shouldThrow<InvalidRequestException> { broker.sesame().trigger(ApprovalRequest("a", test = TestDecision.approve())) }
                .fields.keys shouldBe setOf("test")
            val asked = testing().trigger("a")
            broker.approver("ana").approvesAll()
            asked.poll().status shouldBe ApprovalStatus.PENDING
            shouldThrow<IllegalStateException> { broker.approver("ana").approves(asked.id) }.message shouldContain "no person answers"
        }

        test("another requester's approvals are as absent as those that never were") {
            val other = broker.requester("other").sesame()
            val asked = other.trigger("a", dedupKey = "k")
            asked.approval.requesterLabel shouldBe "other"
            shouldThrow<ApprovalNotFoundException> { broker.sesame().attach(asked.id) }
            broker.sesame().approvals().toList().shouldBeEmpty()
            broker.sesame().trigger("b", dedupKey = "k").approval.requesterLabel shouldBe "default"
            broker.requester("other").apiKey shouldBe broker.requester("other").apiKey
        }
    })
