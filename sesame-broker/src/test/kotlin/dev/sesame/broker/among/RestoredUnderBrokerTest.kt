package dev.sesame.broker.among

import dev.sesame.broker.Http
import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.http.Feed
import dev.sesame.broker.store.postgres.Brokers
import dev.sesame.broker.store.postgres.PostgresIsHere
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

/** A PostgreSQL that its operator restored. */
@EnabledIf(PostgresIsHere::class)
class RestoredUnderBrokerTest :
    FunSpec({
        test("told so, a broker that was left running ends, a new one takes no cursor from before, and the audit has it") {
            val brokers = autoClose(Brokers())
            val left = brokers.startProcess()
            left.ready()
            val before = brokers.start()
            val requester = before.requester()
            val cursor = Feed(requester.http).use { it.next().id }
            before.close()
            val terminal = Terminal(brokers.environment)
            val epoch = Regex("\\((\\S+)\\)").find(terminal.run("restored").well().out)!!.groupValues[1]
            left.exitCode(20) shouldBe 1
            left.err shouldContain "its database was restored while it ran"

            val again = brokers.start()
            val http = Http(again.url, requester.http.bearer)
            http.send(http.request("/v1/decisions").header("Last-Event-ID", cursor)).text("code") shouldBe "cursor_expired"
            Feed(http).use { feed ->
                val id = feed.next().id
                Feed(http, id).use { it.next().name shouldBe "ready" }
            }
            again.admin.get("/v1/admin/audit?limit=100").text shouldContain
                """"fact":"epoch.began","approval_id":null,"version":null,"details":{"epoch":"$epoch"}"""
            terminal.run("audit", "verify").well()
        }
    })
