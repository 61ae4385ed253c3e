package dev.sesame.broker.http

import dev.sesame.broker.ClockedBroker
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class UnknownRunsHttpTest :
    FunSpec({
        test("a run whose lease lapsed without a word is among those that the metrics name, until somebody settles it") {
            ClockedBroker().use { broker ->
                fun counted(): String {
                    broker.count()
                    return broker.nobody.get("/metrics").text
                }
                val run = Approved(broker, broker.requester()).also { it.claimed() }
                counted() shouldContain "sesame_runs_unknown 0.0"
                broker.clock.moveSeconds(3_600)
                counted() shouldContain "sesame_runs_unknown 1.0"
                broker.admin.post("/v1/approvals/${run.id}/outcome", "outcome" to "failed").status shouldBe 200
                counted() shouldContain "sesame_runs_unknown 0.0"
            }
        }
    })
