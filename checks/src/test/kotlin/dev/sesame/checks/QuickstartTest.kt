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

class QuickstartTest :
    FunSpec({
        test("the quickstart with a yes refunds, says how long the way back took, and leaves no process behind") {
            val output = quickstart("approve")
            output shouldContain "Refund 42.00 to Ana"
            output shouldContain "You said yes: it is approved."
            output shouldContain Regex("Approved by admin; resumed \\d+ ms after the decision")
            output shouldContain "Refunded: re_ana_4200"
        }

        test("the quickstart with a no pays nothing, and leaves no process behind") {
            val output = quickstart("deny")
            output shouldContain "You said no: it is denied."
            output shouldContain "Nothing was paid: payments.refund was denied by admin"
            output shouldNotContain "Refunded"
        }
    })

private fun TestScope.quickstart(decision: String): String {
    needTools("bash")
    // Maven builds these; the script must not build them again while this JVM has them open.
    listOf("sesame-broker", "samples/refund-kotlin").forEach {
        if (!SourceTree.holds("$it/target/lib")) skipUnlessCi("$it has no jar yet: run mvn verify, not mvn test")
    }
    val environment = mapOf("SESAME_SKIP_BUILD" to "1", "JAVA_HOME" to System.getProperty("java.home"))
    return RunningCommand(listOf("bash", "sesame", "quickstart", "--decide", decision), SourceTree.root, environment).use { command ->
        val exitCode = command.await(atMost = 5.minutes)
        val output = command.output
        withClue(output) {
            exitCode shouldBe 0
            command.leftovers(grace = 10.seconds).shouldBeEmpty()
        }
        output
    }
}
