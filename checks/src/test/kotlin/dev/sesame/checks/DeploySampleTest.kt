package dev.sesame.checks

import dev.sesame.ExecutionState
import dev.sesame.WebhookSecret
import dev.sesame.context
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.TestScope
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.put
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

class DeploySampleTest :
    FunSpec({
        test("the Ktor sample with a yes deploys once, and leaves no process behind") {
            val output = sample("approve")
            output shouldContain "Deploy web 1.2.3 to production"
            output shouldContain "Deploying web, as approved by admin"
            output shouldContain "200 OK: web is at 1.2.3"
            output shouldContain "Once more: 409 Conflict"
        }

        test("the Ktor sample with a no deploys nothing, and leaves no process behind") {
            val output = sample("deny")
            output shouldContain "403 Forbidden: a person said no"
            output shouldNotContain "Deploying web, as"
        }

        test("with a PORT it serves on: a gated route, and decisions by webhook") {
            val secret = WebhookSecret.random()
            Rig(mapOf("SESAME_WEBHOOK_ALLOW" to "127.0.0.0/8", "SESAME_WEBHOOK_SECRET" to secret.reveal())).use { rig ->
                val environment = mapOf(
                    "PORT" to "0",
                    "SESAME_BROKER_URL" to rig.broker.address,
                    "SESAME_API_KEY" to rig.broker.apiKey,
                    "SESAME_WEBHOOK_SECRET" to secret.reveal(),
                )
                sampleCommand(environment).use { command ->
                    val address = eventually { Regex("Serving on (\\S+)").find(command.output)?.groupValues?.get(1) }
                    post("$address/deploy/web", "").status shouldBe 202

                    val sesame = rig.client()
                    val callback = "$address/sesame/webhook"
                    val asked = sesame.trigger("deploys.rollback", context = context { put("name", "web") }, callbackUrl = callback)
                    rig.person.approve(asked.id)
                    eventually { command.output.takeIf { "web is back from nothing" in it } }
                    eventually { sesame.find(asked.id)?.execution?.takeIf { it.state == ExecutionState.SUCCEEDED } }
                    post(callback, "{}").status shouldBe 415
                }
            }
        }
    })

private fun TestScope.sample(decision: String): String = sampleCommand(emptyMap(), "--decide", decision).use { command ->
    val exitCode = command.await(atMost = 5.minutes)
    withClue(command.output) {
        exitCode shouldBe 0
        command.leftovers(grace = 10.seconds).shouldBeEmpty()
    }
    command.output
}

private fun TestScope.sampleCommand(environment: Map<String, String>, vararg options: String): RunningCommand {
    needTools("bash")
    // Maven builds these; the script must not build them again while this JVM has them open.
    listOf("sesame-broker", "samples/deploy-ktor").forEach {
        if (!SourceTree.holds("$it/target/lib")) skipUnlessCi("$it has no jar yet: run mvn verify, not mvn test")
    }
    val own = mapOf("SESAME_SKIP_BUILD" to "1", "JAVA_HOME" to System.getProperty("java.home"))
    return RunningCommand(listOf("bash", "sesame", "sample", "deploy-ktor", *options), SourceTree.root, own + environment)
}
