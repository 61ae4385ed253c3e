package dev.sesame.checks.deploy

import dev.sesame.checks.RunningCommand
import dev.sesame.checks.SourceTree
import dev.sesame.checks.needTools
import dev.sesame.checks.skipUnlessCi
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.TestScope
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Two brokers on a PostgreSQL behind a proxy, as a newcomer starts them. */
class ClusterDemoTest :
    FunSpec({
        test("what is decided at one broker is heard at the other, one that is killed takes nothing with it, and no process is left") {
            val output = demo("--seconds", "0")
            output shouldContain Regex("proxy +http://127.0.0.1:\\d+")
            output shouldContain Regex("sign in +http://127.0.0.1:\\d+/sign-in/\\S+")
            output shouldContain Regex("ap_\\w+ is approved: broker A said so -?\\d+ ms after the decision")
            output shouldContain Regex("Broker [AB] held it, and was killed with -9")
            output shouldContain Regex("Deployed, once: \\d+ ms after the decision")
        }

        test("with a no nothing is deployed, also where there is no nginx") {
            val output = demo("--seconds", "0", "--decide", "deny", "--proxy", "tcp")
            output shouldContain "a plain TCP balancer"
            output shouldContain "is denied: broker A said so"
            output shouldContain "Nothing was deployed: "
            output shouldNotContain "Deployed"
        }

        test("what it doesn't take is told in a line, and starts nothing") {
            demo("--minutes", "1", exitCode = 2) shouldBe
                "sesame: --minutes is not an option here; there are: --seconds, --decide, --proxy\n"
        }
    })

private fun TestScope.demo(vararg flags: String, exitCode: Int = 0): String {
    needTools("bash")
    listOf("sesame-broker", "samples/cluster").forEach {
        if (!SourceTree.holds("$it/target/lib")) skipUnlessCi("$it has no jar yet: run mvn verify, not mvn test")
    }
    val environment = mapOf("SESAME_SKIP_BUILD" to "1", "JAVA_HOME" to System.getProperty("java.home"))
    return RunningCommand(listOf("bash", "sesame", "cluster", "demo", *flags), SourceTree.root, environment).use { command ->
        val ended = command.await(atMost = 5.minutes)
        val output = command.output
        withClue(output) {
            ended shouldBe exitCode
            command.leftovers(grace = 10.seconds).shouldBeEmpty()
        }
        output
    }
}
