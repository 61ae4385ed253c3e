package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.awaitCancellation
import kotlinx.serialization.json.put
import kotlin.time.Duration.Companion.milliseconds

class PendingApprovalTest :
    FunSpec({
        test("trigger asks and returns at once, with what there is to attach to") {
            val http = ScriptedHttp()
            http.sesame().use { sesame ->
                val pending = sesame.trigger(ACTION, context = refundContext)
                pending.id shouldBe ID
                pending.approvalUrl shouldBe "$ADDRESS/approvals/$ID"
                pending.approval.status shouldBe ApprovalStatus.PENDING
            }
            http.sent.map { it.step } shouldBe listOf(Step.OPEN)
        }

        listOf("approved", "denied", "expired", "cancelled").forEach { status ->
            test("await returns one that is $status, and runs nothing") {
                val http = ScriptedHttp().apply { on(Step.WAIT, { Reply(document(status)) }) }
                http.sesame().use { it.trigger(ACTION, context = refundContext).await().status.value } shouldBe status
                http.sentTo(Step.CLAIM).shouldBeEmpty()
            }
        }

        test("await's timeout names the approval, which stays open") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { awaitCancellation() }) }
            http.sesame().use { sesame ->
                val pending = sesame.trigger(ACTION, context = refundContext)
                shouldThrow<ApprovalTimeoutException> { pending.await(100.milliseconds) }.approvalId shouldBe ID
            }
            http.sentTo(Step.CANCEL).shouldBeEmpty()
            http.leavesNothing()
        }

        test("poll tells how it stands, and never of a timeout") {
            val http = ScriptedHttp().apply { on(Step.WAIT, { awaitCancellation() }) }
            http.sesame().use { sesame ->
                val pending = sesame.trigger(ACTION, context = refundContext)
                pending.poll().status shouldBe ApprovalStatus.PENDING
                pending.poll(100.milliseconds).status shouldBe ApprovalStatus.PENDING
                http.on(Step.READ, { Reply(document("denied")) })
                pending.poll().status shouldBe ApprovalStatus.DENIED
            }
            http.leavesNothing()
        }

        test("poll with time returns as soon as it is decided") {
            val http = ScriptedHttp()
            http.sesame().use { it.trigger(ACTION, context = refundContext).poll(5_000.milliseconds).status } shouldBe
                ApprovalStatus.APPROVED
        }

        test("poll believes no answer about something else") {
            val http = ScriptedHttp().apply { on(Step.READ, { Reply(document(context = editedContext)) }) }
            http.sesame().use { sesame ->
                val pending = sesame.trigger(ACTION, context = refundContext)
                shouldThrow<ProtocolException> { pending.poll() }
            }
        }

        test("cancel takes it back; who was faster is told by the exception") {
            val http = ScriptedHttp()
            http.sesame().use { sesame ->
                val pending = sesame.trigger(ACTION, context = refundContext)
                pending.cancel().status shouldBe ApprovalStatus.CANCELLED
                http.on(Step.CANCEL, { problem(409, "already_decided", mapOf("approval" to document("denied"))) })
                shouldThrow<AlreadyDecidedException> { pending.cancel() }.approval!!.status shouldBe ApprovalStatus.DENIED
            }
        }

        test("a handle runs what it asked, after a claim") {
            val http = ScriptedHttp()
            http.sesame().use { it.trigger(ACTION, context = refundContext).run { approval -> approval.effectiveContext } } shouldBe
                refundContext
            http.sentTo(Step.CLAIM) shouldHaveSize 1
        }

        test("find tells how an approval stands, or that there is none") {
            val http = ScriptedHttp().apply { on(Step.READ, { Reply(document("denied")) }, { problem(404, "not_found") }) }
            http.sesame().use { sesame ->
                sesame.find(ID)!!.status shouldBe ApprovalStatus.DENIED
                sesame.find(ID).shouldBeNull()
            }
        }

        test("find doesn't take something that is no broker for one without the approval") {
            val http = ScriptedHttp().apply { on(Step.READ, { Reply("<html>nothing here</html>", 404) }) }
            http.sesame().use { sesame -> shouldThrow<ProtocolException> { sesame.find(ID) } }
        }

        test("the text of a handle names the approval") {
            ScriptedHttp().sesame().use { it.trigger(ACTION) }.toString() shouldBe "PendingApproval($ID)"
        }

        test("a request of test mode isn't attached to") {
            val http = ScriptedHttp().apply { on(Step.READ, { Reply(document { put("mode", "test") }) }) }
            http.sesame().use { sesame ->
                shouldThrow<ProtocolException> { sesame.attach(ID) }
            }
        }
    })
