package dev.sesame.testing

import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith
import org.junit.platform.engine.DiscoverySelector
import org.junit.platform.engine.TestExecutionResult
import org.junit.platform.engine.discovery.DiscoverySelectors.selectClass
import org.junit.platform.launcher.EngineFilter.includeEngines
import org.junit.platform.launcher.TestExecutionListener
import org.junit.platform.launcher.TestIdentifier
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request
import org.junit.platform.launcher.core.LauncherFactory
import java.util.Collections
import kotlin.time.Duration.Companion.seconds

class LeaksTest :
    FunSpec({
        val expected = mapOf(
            "leaves a wait" to "a decision feed of default",
            "leaves a long poll" to "(polled)",
            "leaves a run" to "the run of ap_",
            "leaves nothing" to null,
            "fails anyway" to "its own failure",
        )

        test("JUnit tests that leave something behind fail with what it is; one that fails anyway keeps its own failure") {
            check(expected, outcomes("junit-jupiter", selectClass(Leaking::class.java)))
        }

        test("and so do Kotest's") {
            check(expected, outcomes("kotest", selectClass(LeakingKotestTest::class.java)))
        }
    }) {
    /** Run by the tests above alone. */
    @ExtendWith(FakeBrokerExtension::class)
    class Leaking {
        @Test
        fun `leaves a wait`(broker: FakeBroker): Unit = leaveWait(broker)

        @Test
        fun `leaves a long poll`(broker: FakeBroker): Unit = leaveLongPoll(broker)

        @Test
        fun `leaves a run`(broker: FakeBroker): Unit = leaveRun(broker)

        @Test
        fun `leaves nothing`(broker: FakeBroker): Unit = leaveNothing(broker)

        @Test
        fun `fails anyway`(broker: FakeBroker) {
            leaveWait(broker)
            error("its own failure")
        }
    }

    /** The same. */
    class LeakingKotestTest :
        FunSpec({
            val broker by fakeBroker()
            test("leaves a wait") { leaveWait(broker) }
            test("leaves a long poll") { leaveLongPoll(broker) }
            test("leaves a run") { leaveRun(broker) }
            test("leaves nothing") { leaveNothing(broker) }
            test("fails anyway") {
                leaveWait(broker)
                error("its own failure")
            }
        })
}

private fun check(expected: Map<String, String?>, found: Map<String, String?>) {
    found.keys shouldBe expected.keys
    expected.forEach { (name, message) ->
        withClue(name) { if (message == null) found[name] shouldBe null else found[name].orEmpty() shouldContain message }
    }
}

/** What runs here ends when its client is closed. */
private val elsewhere = CoroutineScope(Dispatchers.Default + SupervisorJob() + CoroutineExceptionHandler { _, _ -> })

private fun leaveWait(broker: FakeBroker) {
    elsewhere.launch { broker.sesame().approve("waited") { } }
    runBlocking { eventually(10.seconds) { broker.parts.feed.open.all.shouldNotBeEmpty() } }
}

private fun leaveLongPoll(broker: FakeBroker) {
    elsewhere.launch { broker.sesame { longPollOnly = true }.approve("polled") { } }
    runBlocking { eventually(10.seconds) { broker.parts.approvals.held.all.shouldNotBeEmpty() } }
}

/** A block that never ends. */
private fun leaveRun(broker: FakeBroker) {
    broker.approver("ana").approvesAll()
    val begun = CompletableDeferred<Unit>()
    elsewhere.launch {
        broker.sesame().approve("run") {
            begun.complete(Unit)
            awaitCancellation()
        }
    }
    runBlocking { withTimeout(10.seconds) { begun.await() } }
}

private fun leaveNothing(broker: FakeBroker): Unit = runBlocking {
    broker.approver("ana").approvesAll()
    broker.sesame().approve("done") { }
}

/** The message of each test's failure, `null` where it passed. */
private fun outcomes(engine: String, what: DiscoverySelector): Map<String, String?> {
    val outcomes = Collections.synchronizedMap(LinkedHashMap<String, String?>())
    val listener = object : TestExecutionListener {
        override fun executionFinished(test: TestIdentifier, result: TestExecutionResult) {
            if (test.isTest) {
                outcomes[test.displayName.removeSuffix("(FakeBroker)")] =
                    result.throwable.map { it.message.orEmpty() }.orElse(null)
            }
        }
    }
    // What is left behind is given seconds to end, in each test: JUnit's wait side by side.
    val sideBySide = mapOf("enabled" to "true", "mode.default" to "concurrent").mapKeys { "junit.jupiter.execution.parallel.${it.key}" }
    val request = request().selectors(what).filters(includeEngines(engine)).configurationParameters(sideBySide).build()
    LauncherFactory.create().execute(request, listener)
    return outcomes
}
