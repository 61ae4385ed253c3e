package dev.sesame.internal

import dev.sesame.ExecutionUnknownException
import dev.sesame.approval
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.advanceTimeBy
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

@OptIn(ExperimentalCoroutinesApi::class)
class RenewalTest :
    FunSpec({
        test("while the block runs, the claim is renewed at a third of its lease, by the same claimant") {
            virtually { rig ->
                rig.approve { delay(70.seconds) }
                val claims = rig.broker.named("claim")
                claims.map { it.at } shouldBe listOf(0.seconds, 20.seconds, 40.seconds, 60.seconds)
                claims.map { it.body }.toSet() shouldHaveSize 1
            }
        }

        test("after the block nothing is renewed") {
            virtually { rig ->
                rig.approve { delay(30.seconds) }
                advanceTimeBy(1.hours)
                rig.broker.named("claim").map { it.at } shouldBe listOf(0.seconds, 20.seconds)
            }
        }

        test("nor after a block that threw") {
            virtually { rig ->
                runCatching { rig.approve { error("broken") } }
                advanceTimeBy(1.hours)
                rig.broker.named("claim") shouldHaveSize 1
            }
        }

        test("a renewal that gets no answer is tried again within the lease") {
            virtually { rig ->
                rig.broker.onClaim = {
                    if (rig.broker.named("claim").size in 2..3) throw lost()
                    ClaimGrant("the token", approval())
                }
                rig.approve { delay(30.seconds) }
                val claims = rig.broker.named("claim")
                claims shouldHaveSize 4
                (claims.last().at < 30.seconds) shouldBe true
            }
        }

        test("a refused renewal doesn't disturb the block, whose outcome still counts") {
            virtually { rig ->
                rig.broker.onClaim = {
                    if (rig.broker.named("claim").size > 1) throw ExecutionUnknownException("ap_1")
                    ClaimGrant("the token", approval())
                }
                rig.approve {
                    delay(300.seconds)
                    "ran"
                } shouldBe "ran"
                rig.broker.named("report").map { it.text("outcome") } shouldContain "succeeded"
            }
        }
    })
