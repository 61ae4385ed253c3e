package dev.sesame.checks

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.TestScope
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

class PayoutSampleTest :
    FunSpec({
        test("of the two callers in the payout sample one pays after a yes, and the other is told so") {
            val output = payout("approve")
            Regex("paid 125000 cents to Acme Supplies").findAll(output).count() shouldBe 1
            output shouldContain Regex("the other caller (is paying|has paid) it")
        }

        test("after a no both callers of the payout sample say that nothing was paid") {
            val output = payout("deny")
            Regex("says: nothing was paid: payouts.transfer was denied by admin").findAll(output).count() shouldBe 2
            output shouldNotContain "paid 125000"
        }

        test("without a broker the payout sample says so in one line, and fails") {
            val output = payout("approve", expectedExit = 1, "SESAME_BROKER_URL" to "http://127.0.0.1:1", "SESAME_API_KEY" to NOBODYS)
            output shouldContain "payout: no answer from http://127.0.0.1:1"
            output shouldNotContain "at dev.sesame"
        }
    })

private const val NOBODYS = "sk_live_sh_0123456789012345678901234567890123456789012"

private fun TestScope.payout(decision: String, expectedExit: Int = 0, vararg more: Pair<String, String>): String {
    needTools("bash")
    listOf("sesame-broker", "samples/payout-java").forEach {
        if (!SourceTree.holds("$it/target/lib")) skipUnlessCi("$it has no jar yet: run mvn verify, not mvn test")
    }
    val environment = mapOf("SESAME_SKIP_BUILD" to "1", "JAVA_HOME" to System.getProperty("java.home")) + more
    val command = listOf("bash", "sesame", "sample", "payout-java", "--decide", decision)
    return RunningCommand(command, SourceTree.root, environment).use { running ->
        val exitCode = running.await(atMost = 5.minutes)
        withClue(running.output) {
            exitCode shouldBe expectedExit
            running.leftovers(grace = 10.seconds).shouldBeEmpty()
        }
        running.output
    }
}
