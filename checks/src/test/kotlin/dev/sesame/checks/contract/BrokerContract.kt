package dev.sesame.checks.contract

import io.kotest.core.spec.style.FunSpec

/** What every broker does, over HTTP and through the client: the real one, and the one that tests take in its place. */
internal abstract class BrokerContract(start: () -> BrokerUnderTest) :
    FunSpec({
        val broker = lazy(start)
        afterSpec { if (broker.isInitialized()) broker.value.close() }
        opening { broker.value }
        refusing { broker.value }
        deciding { broker.value }
        editing { broker.value }
        quorum { broker.value }
        extending { broker.value }
        claiming { broker.value }
        listing { broker.value }
        waiting { broker.value }
        testMode { broker.value }
        policy { broker.value }
        policyTerms { broker.value }
        throughTheClient { broker.value }
    })
