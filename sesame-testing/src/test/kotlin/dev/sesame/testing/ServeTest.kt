package dev.sesame.testing

import dev.sesame.Approvers
import dev.sesame.Sesame
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlin.time.Duration.Companion.seconds

class ServeTest :
    FunSpec({
        fun FakeBroker.client(longPolls: Boolean = false) = Sesame {
            apiKey = this@client.apiKey
            brokerUrl = serve()
            longPollOnly = longPolls
        }

        for (longPolls in listOf(false, true)) {
            test("a client comes in over a real port, with ${if (longPolls) "long polls" else "the feed"}") {
                FakeBroker().use { broker ->
                    broker.client(longPolls).use { sesame ->
                        val run = async { sesame.approve("a") { "ran" } }
                        val pending = broker.awaitPending()
                        Approvers(broker.approver("ana").token) { brokerUrl = broker.serve() }.use { it.approve(pending.id) }
                        run.await() shouldBe "ran"
                        broker.assertRanOnce(pending.id)
                    }
                    broker.assertNoLeaks()
                }
            }
        }

        test("faults break real connections") {
            FakeBroker().use { broker ->
                broker.client().use { sesame ->
                    broker.approver("ana").approvesAll()
                    listOf(CallKind.OPEN, CallKind.CLAIM, CallKind.REPORT).forEach { broker.fail(Fault.LOSE_ANSWER, of = it) }
                    var runs = 0
                    sesame.approve("a") { runs++ }
                    runs shouldBe 1
                    broker.asked.size shouldBe 1
                }
            }
        }

        test("it serves once, and closing it leaves no thread") {
            val broker = FakeBroker()
            broker.serve() shouldBe broker.serve()
            broker.client().use { it.trigger("a") }
            broker.close()
            eventually(10.seconds) {
                Thread.getAllStackTraces().keys.filter {
                    it.isAlive && ("sesame-fake" in it.name || "HTTP-Dispatcher" in it.name)
                }.shouldBeEmpty()
            }
        }
    })
