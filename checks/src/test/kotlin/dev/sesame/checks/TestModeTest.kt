package dev.sesame.checks

import dev.sesame.ApprovalDeniedException
import dev.sesame.ApprovalExpiredException
import dev.sesame.ApprovalRequest
import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.InvalidRequestException
import dev.sesame.Mode
import dev.sesame.TestDecision
import dev.sesame.contextAs
import dev.sesame.contextOf
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A test key against a real broker: the whole way from the question to the run, and no person on it. */
class TestModeTest :
    FunSpec({
        val rig = Rig()
        afterSpec { rig.close() }
        val key = runBlocking { rig.broker.testKey() }

        fun tester(longPolls: Boolean = false) = rig.client {
            apiKey = key
            allowTestMode = true
            longPollOnly = longPolls
        }

        // Nothing expires in less than ten seconds, which pass beside the other tests.
        val silent = CoroutineScope(Dispatchers.IO).async {
            shouldThrow<ApprovalExpiredException> {
                tester().approve(ApprovalRequest("test.silent", expiresIn = 10.seconds)) { error("nobody said yes") }
            }
        }

        for ((way, longPolls) in listOf("the shared stream" to false, "long polls" to true)) {
            val sesame = tester(longPolls)

            test("the answer that a request brings along runs the block, by $way") {
                listOf(0.seconds, 700.milliseconds).forEach { after ->
                    val request =
                        ApprovalRequest("test.yes", context = contextOf(Payment("ana", 42)), test = TestDecision.approve(after, "fine"))
                    val (id, cents) = sesame.approve(request) { it.id to it.contextAs<Payment>().cents }
                    cents shouldBe 42
                    val found = sesame.find(id)!!
                    listOf(found.mode, found.execution?.state) shouldBe listOf(Mode.TEST, ExecutionState.SUCCEEDED)
                    listOf(found.decision?.via, found.decision?.note) shouldBe listOf("test", "fine")
                    found.decision?.by.shouldBeNull()
                }
            }

            test("a no throws with its note and runs nothing, by $way") {
                val ran = AtomicInteger()
                val no = ApprovalRequest("test.no", test = TestDecision.deny(100.milliseconds, "not today"))
                shouldThrow<ApprovalDeniedException> { sesame.approve(no) { ran.incrementAndGet() } }.note shouldBe "not today"
                ran.get() shouldBe 0
            }
        }

        test("one dedup key, live and in test, is two requests: the test runs, the live one waits for a person, who sees it alone") {
            val live = rig.client()
            val ran = AtomicInteger()
            coroutineScope {
                val waiting = async { live.approve("test.both", dedupKey = "both") { ran.incrementAndGet() } }
                val lived = rig.pending("test.both")
                val request = ApprovalRequest("test.both", dedupKey = "both", test = TestDecision.approve())
                val tested = tester().approve(request) { it.id }
                tested shouldNotBe lived.id
                ran.get() shouldBe 0
                live.find(lived.id)?.status shouldBe ApprovalStatus.PENDING
                live.find(tested).shouldBeNull()
                tester().find(lived.id).shouldBeNull()
                tester().trigger("test.both.waits")
                rig.person.pending().toList().map { it.id } shouldContainExactly listOf(lived.id)
                rig.person.approve(lived.id)
                waiting.await() shouldBe 1
            }
        }

        test("an answer that falls due around a crash of the broker comes all the same, and runs the block once") {
            val sesame = tester()
            val ran = AtomicInteger()
            coroutineScope {
                val request = ApprovalRequest("test.crash", dedupKey = "crash", test = TestDecision.approve(1.seconds))
                val waiting = async(start = CoroutineStart.UNDISPATCHED) { sesame.approve(request) { ran.incrementAndGet() } }
                eventually { sesame.approvals(action = "test.crash").toList().firstOrNull() }
                rig.killAndRestart()
                waiting.await() shouldBe 1
            }
            ran.get() shouldBe 1
        }

        test("a live key may not bring an answer along, and a test key needs a client that allows it") {
            val refused = shouldThrow<InvalidRequestException> {
                rig.client().trigger(ApprovalRequest("test.live", test = TestDecision.approve()))
            }
            refused.fields.keys shouldBe setOf("test")
            shouldThrow<InvalidRequestException> { rig.client { apiKey = key } }.message!! shouldContain "allowTestMode"
        }

        test("without an answer of its own it waits for nobody, and expires") {
            withTimeout(30.seconds) { silent.await() }.approval.mode shouldBe Mode.TEST
        }
    })
