package dev.sesame.broker.among

import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.delivery.Receiver
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.store.postgres.Brokers
import dev.sesame.broker.store.postgres.PostgresIsHere
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

/** A broker that stood still for longer than its lease lasts, while another took over its work, and then goes on. */
@EnabledIf(PostgresIsHere::class)
class StoppedBrokerTest :
    FunSpec({
        test(
            "it does nothing twice that counts once: what expired meanwhile expired once, and a webhook that is sent again is the same one",
        ) {
            val brokers = autoClose(Brokers())
            val receiver = autoClose(Receiver())
            val stopped = brokers.startProcess()
            stopped.ready()
            awaitThat("it to do the work", seconds = 10) { "does the work for all" in stopped.err }
            val living = brokers.start()
            val requester = living.requester()
            val short = List(3) { requester.asked("expires_in" to 10, "callback_url" to receiver.url) }
            stopped.pause()
            living.approver().approve(requester.asked("callback_url" to receiver.url))
            fun told(fact: String) = living.admin.get("/v1/admin/audit?limit=100").list("entries").count { "\"$fact\"" in "${it["fact"]}" }
            awaitThat("the other one to do the work", seconds = 30) { told("delivery.delivered") == 4 }
            stopped.goOn()
            awaitThat("it to see that its turn is over", seconds = 15) { "turn at the work for all is over" in stopped.err }

            short.forEach { requester.read(it).text("status") shouldBe "expired" }
            told("approval.expired") shouldBe 3
            told("delivery.delivered") shouldBe 4
            receiver.received.map { it.id }.distinct().size shouldBe 4
            Terminal(brokers.environment).run("audit", "verify").well()
        }
    })
