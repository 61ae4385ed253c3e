package dev.sesame.checks

import dev.sesame.ExecutionState
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.toList
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers

/** A broker that dies and comes back is invisible to those who wait; and however many wait, they share one stream. */
class RestartTest :
    FunSpec({
        val rig = Rig()
        afterSpec { rig.close() }

        for ((way, longPolls) in listOf("the shared stream" to false, "long polls" to true)) {
            test("kill -9 during a wait is invisible to the caller, by $way") {
                val sesame = rig.client { longPollOnly = longPolls }
                coroutineScope {
                    val result = async { sesame.approve("restart.$longPolls") { "ran" } }
                    val id = rig.pending("restart.$longPolls").id
                    rig.killAndRestart()
                    rig.person.approve(id)
                    result.await() shouldBe "ran"
                    sesame.find(id)?.execution?.state shouldBe ExecutionState.SUCCEEDED
                }
            }
        }

        test("kill -9 while the block runs loses neither the claim nor the report") {
            val sesame = rig.client()
            coroutineScope {
                val result = async {
                    sesame.approve("restart.running") {
                        rig.killAndRestart()
                        "ran"
                    }
                }
                val id = rig.pending("restart.running").id
                rig.person.approve(id)
                result.await() shouldBe "ran"
                eventually { sesame.find(id)?.execution?.state?.takeIf { it == ExecutionState.SUCCEEDED } } shouldBe
                    ExecutionState.SUCCEEDED
            }
        }

        test("three hundred waits share one stream, and all wake") {
            val sesame = rig.client()
            coroutineScope {
                val results = (1..300).map { n -> async { sesame.approve("many") { n } } }
                eventually { rig.person.pending().toList().takeIf { it.size == 300 } }
                eventually { metrics(rig).takeIf { "sesame_feeds 1.0" in it } } shouldContain "sesame_polls_held 0.0"
                rig.person.pending().toList().forEach { rig.person.approve(it.id) }
                results.awaitAll().sum() shouldBe 300 * 301 / 2
                eventually { metrics(rig).takeIf { "sesame_feeds 0.0" in it } } shouldContain "sesame_polls_held 0.0"
            }
        }
    })

private fun metrics(rig: Rig): String = HttpClient.newHttpClient().send(
    HttpRequest.newBuilder(URI.create(rig.broker.address + "/metrics")).build(),
    BodyHandlers.ofString(),
).body()
