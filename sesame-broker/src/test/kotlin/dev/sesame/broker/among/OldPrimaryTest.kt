package dev.sesame.broker.among

import dev.sesame.broker.Http
import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.store.postgres.Brokers
import dev.sesame.broker.store.postgres.PostgresIsHere
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.concurrent.CompletableFuture

/** A primary that was killed and replaced, and is started again as what it was, the first in the brokers' URL. */
@EnabledIf(PostgresIsHere::class)
class OldPrimaryTest :
    FunSpec({
        test("no broker asks it any more, although it holds a yes that nobody was told of") {
            val pair = autoClose(PostgresPair())
            val brokers = autoClose(Brokers(pair.url))
            val broker = brokers.start()
            val requester = broker.requester()
            val (says, denies) = List(2) { broker.approver() }
            val id = requester.asked()
            pair.standby.kill()
            val yes = CompletableFuture.supplyAsync { says.decide(id, "approve") }
            awaitThat("the yes to wait for the standby") { pair.primary.ask("SELECT count(*) ${PostgresPair.WAITING}") == "1" }
            pair.primary.kill()
            yes.get().status shouldBe 503
            pair.standby.start()
            pair.standby.promote()
            awaitThat("the broker to go on") { broker.nobody.get("/readyz").status == 200 }
            denies.decide(id, "deny").status shouldBe 200

            pair.primary.start()
            pair.primary.ask("SELECT status FROM approvals WHERE id = '$id'", PostgresPair.NAME) shouldBe "approved"
            repeat(ROUNDS) {
                pair.standby.ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'sesame'")
                requester.read(id).text("status") shouldBe "denied"
                requester.asked()
            }
            val late = brokers.start()
            Http(late.url, requester.http.bearer).get("/v1/approvals/$id").text("status") shouldBe "denied"
            late.requester().asked()
            pair.primary.ask("SELECT count(*) FROM approvals", PostgresPair.NAME) shouldBe "1"
            Terminal(brokers.environment).run("audit", "verify").well()
        }
    })

private const val ROUNDS = 5
