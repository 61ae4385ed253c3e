package dev.sesame.broker.among

import dev.sesame.broker.delivery.Receiver
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.store.postgres.Brokers
import dev.sesame.broker.store.postgres.PostgresAddress
import dev.sesame.broker.store.postgres.PostgresDatabase
import dev.sesame.broker.store.postgres.PostgresIsHere
import dev.sesame.broker.store.postgres.PostgresServer
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe

/** The work that one broker does for all goes on when that one is gone. */
@EnabledIf(PostgresIsHere::class)
class DeadBrokerTest :
    FunSpec({
        test("a lease is held by one, renewed by its holder alone, and free once it is left or over; the term of office grows") {
            val (one, other) = PostgresServer.database().let { url ->
                List(2) { autoClose(PostgresDatabase(PostgresAddress(url))).together("broker $it").workLease }
            }
            one.take() shouldBe 1
            one.take().shouldBeNull()
            other.take().shouldBeNull()
            other.renew(1) shouldBe false
            one.renew(1) shouldBe true
            one.leave(1)
            one.renew(1) shouldBe false
            other.take() shouldBe 2
            one.leave(1)
            other.renew(2) shouldBe true
        }

        test("what a killed broker would have sent, and ended by time, another one sends and ends within seconds") {
            val brokers = autoClose(Brokers())
            val receiver = autoClose(Receiver())
            val dead = brokers.startProcess()
            dead.ready()
            awaitThat("it to do the work", seconds = 10) { "does the work for all" in dead.err }
            val living = brokers.start()
            val requester = living.requester()
            val id = requester.asked("callback_url" to receiver.url)
            val short = requester.asked("expires_in" to 10)
            dead.kill()
            living.approver().approve(id)
            receiver.await(1).single().json.toString().contains(id) shouldBe true
            awaitThat("it to expire", seconds = 20) { requester.read(short).text("status") == "expired" }
        }
    })
