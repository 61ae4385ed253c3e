package dev.sesame.bench.notices

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.inbox.EventStreams
import dev.sesame.bench.inbox.People

/** The inbox of somebody who is signed in, open in one browser. */
internal class StreamLeg : Leg {
    override val label = "an event in an open inbox"
    private val streams = EventStreams()

    override fun begin(broker: BrokerProcess) {
        streams.openInbox(broker.url, People(broker).signedIn(1).single())
        streams.awaitReady()
    }

    override fun await(summary: String): Long? = streams.arrivals(summary).single().takeIf { it != 0L }

    override fun close(): Unit = streams.close()
}
