package dev.sesame.broker.among

import dev.sesame.Sesame
import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.store.postgres.Brokers
import dev.sesame.broker.store.postgres.PostgresIsHere
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withContext

/** A primary that is killed under load, and its synchronous standby in its place. */
@EnabledIf(PostgresIsHere::class)
class FailoverTest :
    FunSpec({
        test("brokers go on by themselves: what was answered is there, nothing is decided or granted twice, and a held wait ends") {
            val pair = autoClose(PostgresPair())
            val brokers = autoClose(Brokers(pair.url))
            val both = List(2) { brokers.start() }
            val (here, there) = both
            val requester = here.requester()
            val approver = there.approver()
            val client = autoClose(
                Sesame {
                    apiKey = requester.http.bearer
                    brokerUrl = here.url
                },
            )
            val load = autoClose(SteadyLoad(both))
            coroutineScope {
                var runs = 0
                val wait = async { client.approve("held.through") { ++runs } }
                withContext(Dispatchers.IO) {
                    fun held() = requester.http.get("/v1/approvals?action=held.through").ids
                    awaitThat("the wait to be held, and some work to be done") { load.done >= SOME && held().size == 1 }
                    val id = held().single()
                    pair.primary.kill()
                    pair.standby.promote()
                    val before = load.done
                    awaitThat("the brokers to go on", seconds = 60) {
                        load.done >= before + SOME && both.all { it.nobody.get("/readyz").status == 200 }
                    }
                    approver.approve(id)
                }
                wait.await() shouldBe 1
            }
            load.close()
            load.verify()
            Terminal(brokers.environment).run("audit", "verify").well()
        }
    })

private const val SOME = 10
