package dev.sesame.testing.internal

import dev.sesame.WebhookSecret
import dev.sesame.testing.MovableClock

/** The parts of a fake broker put together; the one place that knows them all. */
internal class Parts(clock: MovableClock, private val secret: WebhookSecret) : AutoCloseable {
    val time: BrokerTime = clock.time
    private val ids = Ids()
    val store = Store(clock::instant)
    val access = Access(ids)
    val desk = Desk(store, access, ids, clock, ::address)
    val approvals = ApprovalCalls(access, desk, clock)
    val feed = Feed(access, desk, clock)
    val faults = Faults()
    val signer = ReceiptSigner(store)
    val owed = Owed(store, ids, clock, secret, signer::of)
    private val routes =
        Routes(approvals, RunCalls(access, desk), PolicyCalls(access, desk), ReceiptCalls(access, store, signer), feed, faults, ids)
    val engine = InProcessEngine(routes, time)
    private val watching = time.watch(store)
    private var server: LoopbackServer? = null // guarded by this

    /** Where the fake is reached; without a port, a name that leads nowhere. */
    val address: String @Synchronized get() = server?.address ?: NOWHERE

    @Synchronized
    fun serve(): String {
        val serving = server ?: LoopbackServer(routes).also { server = it }
        return serving.address
    }

    @Synchronized
    override fun close() {
        watching.close()
        engine.close()
        server?.close()
        server = null
    }

    companion object {
        /** Reserved by RFC 2606: never anybody's. */
        const val NOWHERE = "https://fake-broker.invalid"
    }
}
