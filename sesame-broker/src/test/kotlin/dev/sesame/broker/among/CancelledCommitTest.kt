package dev.sesame.broker.among

import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.store.postgres.Brokers
import dev.sesame.broker.store.postgres.PostgresIsHere
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.concurrent.CompletableFuture

/** A commit that waits for a synchronous standby which is away, until somebody cancels what hangs. */
@EnabledIf(PostgresIsHere::class)
class CancelledCommitTest :
    FunSpec({
        test("it isn't answered for, although the server calls it good") {
            val pair = autoClose(PostgresPair())
            val brokers = autoClose(Brokers(pair.url))
            val broker = brokers.start()
            val requester = broker.requester()
            pair.standby.kill()
            val asking = CompletableFuture.supplyAsync { requester.ask("dedup_key" to "once") }
            awaitThat("it to wait for the standby") { pair.primary.ask("SELECT count(*) ${PostgresPair.WAITING}") == "1" }
            pair.primary.ask("SELECT pg_cancel_backend(pid) ${PostgresPair.WAITING}") shouldBe "t"
            asking.get().status shouldBe 503
            pair.standby.start()
            requester.ask("dedup_key" to "once").status shouldBe 200 // it is there, and the standby has it now
        }
    })
