package dev.sesame.checks

import dev.sesame.AlreadyDecidedException
import dev.sesame.AlreadyExecutedException
import dev.sesame.ApprovalRequest
import dev.sesame.ApprovalStatus
import dev.sesame.Approvers
import dev.sesame.Sesame
import dev.sesame.contextOf
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlin.time.Duration.Companion.milliseconds

class KotlinPageTest :
    FunSpec({
        val folder = tempdir().toPath()
        val running = lazy { BrokerProcess.start(folder) }
        val broker by running
        val client = lazy { client(broker.apiKey, broker.address) }
        val sesame by client
        afterSpec {
            if (client.isInitialized()) sesame.close()
            if (running.isInitialized()) broker.close()
        }

        test("approve runs its block once, and the same call again says so") {
            val payments = Payments()
            broker.answering("approve") { approveExample(sesame, payments) } shouldBe "re_1"
            shouldThrow<AlreadyExecutedException> { approveExample(sesame, payments) }
            payments.paid shouldHaveSize 1
        }

        test("a no is told with its note") {
            broker.answering("deny") { outcomeExample(sesame, Refund("bo", 1), Payments()) } shouldBe "no: not now"
        }

        test("trigger, poll, await, attach and run") {
            var id = ""
            val decided = broker.answering("approve") { triggerExample(sesame) { id = it } }
            decided.status shouldBe ApprovalStatus.APPROVED
            attachExample(sesame, id, Payments()) shouldBe "re_1"
            shouldThrow<AlreadyDecidedException> { takeBackExample(sesame, id) }
        }

        test("a gate, and an exception that is safe to retry") {
            val payments = Payments()
            broker.answering("approve") { gateExample(sesame, payments) } shouldBe "re_1"
            payments.paid.single().cents shouldBe 4_200

            shouldThrow<NotSent> { broker.answering("approve") { safeToRetryExample(sesame) { throw NotSent() } } }
            safeToRetryExample(sesame) { "sent to ${it.customer}" } shouldBe "sent to ana"
        }

        test("an unknown outcome is run again only after a look") {
            val payments = Payments()
            val request = ApprovalRequest("payments.refund", context = contextOf(Refund("ana", 1)), dedupKey = "page-unknown")
            shouldThrow<NotSent> { broker.answering("approve") { sesame.approve(request) { throw NotSent() } } }
            unknownExample(sesame, request, payments) shouldBe "re_1"
        }

        test("with a test key the request answers itself") {
            testExample(broker.testKey("page"), broker.address, Payments()) shouldBe "re_1"
        }

        test("taking back, listing, answering, a context by hand") {
            val open = sesame.trigger("payments.refund", context = contextExample())
            listExample(sesame).map { it.id } shouldBe listOf(open.id)
            answerExample(broker.adminToken, broker.address).single().decision?.note shouldBe "within the limit"
            takeBackExample(sesame, sesame.trigger("payments.refund").id).status shouldBe ApprovalStatus.CANCELLED
            Sesame {
                apiKey = broker.apiKey
                brokerUrl = broker.address
                countRetries { }
            }.use { "$it" shouldStartWith "Sesame(http://127.0.0.1:" }
        }
    })

/** Runs [work] while somebody gives [answer] to whatever is asked. */
private suspend fun <T> BrokerProcess.answering(answer: String, work: suspend () -> T): T = coroutineScope {
    Approvers(adminToken) { brokerUrl = address }.use { approvers ->
        val person = launch {
            while (true) {
                approvers.pending().toList().forEach {
                    if (answer == "approve") approvers.approve(it.id) else approvers.deny(it.id, note = "not now")
                }
                delay(50.milliseconds)
            }
        }
        try {
            work()
        } finally {
            person.cancel()
        }
    }
}
