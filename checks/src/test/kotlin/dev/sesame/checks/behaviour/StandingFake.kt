package dev.sesame.checks.behaviour

import dev.sesame.Approval
import dev.sesame.testing.FakeBroker
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** The test kit's broker, on a real port. */
internal class StandingFake : Standing {
    private val broker = FakeBroker().also { Runtime.getRuntime().addShutdownHook(Thread(it::close)) }
    private val ana = broker.approver("ana")

    override val url: String = broker.serve()
    override val key: String get() = broker.apiKey

    override val people: People = object : People {
        override fun asked(action: String): String = soon { broker.pending.find { it.action == action } }.id

        override fun approve(id: String) {
            ana.approves(id)
        }

        override fun deny(id: String, note: String) {
            ana.denies(id, note)
        }

        override fun saysNothing(id: String): Unit = broker.clock.advance(People.SHORTEST)

        override fun countOf(action: String): Int = broker.asked.count { it.action == action }
    }

    private fun soon(look: () -> Approval?): Approval = soon(30.seconds.toJavaDuration()) { look() }
}
