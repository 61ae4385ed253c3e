package dev.sesame

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.io.IOException
import kotlin.time.Duration

class ListenerTest :
    FunSpec({
        test("it hears of the question, of each try again, and of the decision") {
            val http = ScriptedHttp().apply { on(Step.CLAIM, { Reply("", 503) }, { grant() }) }
            val heard = RecordingListener()
            http.sesame { listener = heard }.use { it.approve(ACTION, context = refundContext) { } }
            heard.requested.map { it.id to it.status } shouldBe listOf(ID to ApprovalStatus.PENDING)
            heard.decided.map { it.id to it.status } shouldBe listOf(ID to ApprovalStatus.APPROVED)
            heard.retried.single().first shouldContain "503"
            heard.unreported.shouldBeEmpty()
        }

        test("a no is heard as a decision, too") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { Reply(document("denied")) }) }
            val heard = RecordingListener()
            http.refusal { listener = heard }
            heard.decided.single().status shouldBe ApprovalStatus.DENIED
        }

        test("one who listens to nothing is a listener") {
            val silent = object : SesameListener {}
            val http = ScriptedHttp().apply { on(Step.CLAIM, { Reply("", 503) }, { grant() }) }
            http.sesame { listener = silent }.use { it.approve(ACTION, context = refundContext) { "ran" } } shouldBe "ran"
        }

        test("what a log gets names no context, no note and no key") {
            val approval = document(edited = editedContext).asApproval()
            "$approval" shouldBe "Approval($ID, $ACTION, approved)"
            "${approval.decision}" shouldBe "approved by Ada"
            "${ApprovalRequest(ACTION, context = refundContext)}" shouldBe "ApprovalRequest($ACTION)"
        }

        test("the reason for another try names no key and no context") {
            val http = ScriptedHttp().apply { on(Step.OPEN, { throw IOException("Bearer $KEY cus_1") }) }
            val heard = RecordingListener()
            http.refusal {
                listener = heard
                retryFor = Duration.ZERO
            }.message!! shouldNotContain KEY
            http.on(Step.OPEN, { Reply("echo of $KEY cus_1", 503) }, { Reply(document("pending")) })
            http.sesame { listener = heard }.use { it.approve(ACTION, context = refundContext) { } }
            heard.retried.forEach { (reason, _) ->
                reason shouldNotContain KEY
                reason shouldNotContain "cus_1"
            }
        }
    })
