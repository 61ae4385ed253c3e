package dev.sesame.checks

private const val CORE = "sesame-core"
private const val KTOR_SERVER = "sesame-ktor-server"
private const val JAVA = "sesame-java-compat"
private const val TESTING = "sesame-testing"

internal val sdkImports: List<ImportRow> = listOf(
    ImportRow(
        "sesame-rules knows the vocabulary and the standard library: no technology, no log, no coroutine, no chance",
        module = "sesame-rules",
        may = VOCABULARY,
        never = "dev.sesame.broker $IMPURE",
        bad = "dev.sesame.rules.Tally" to "org.slf4j.Logger",
    ),
    ImportRow(
        "sesame-core knows the Ktor client, serialization, coroutines, slf4j and the JDK, its cryptography too",
        module = CORE,
        may = "dev.sesame io.ktor.client io.ktor.http io.ktor.utils kotlinx.serialization kotlinx.coroutines kotlinx.io " +
            "org.slf4j kotlin java javax.crypto",
        never = "dev.sesame.rules dev.sesame.broker java.sql",
        bad = "dev.sesame.internal.HttpBroker" to "io.ktor.server.routing.Route",
    ),
    ImportRow(
        "in sesame-core only dev.sesame.internal knows Ktor",
        module = CORE,
        besides = "dev.sesame.internal dev.sesame.SesameConfig",
        never = "io.ktor kotlinx.io",
        bad = "dev.sesame.webhook.WebhookVerifier" to "io.ktor.http.Headers",
    ),
    ImportRow(
        "SesameConfig names Ktor's engine type and nothing else of it",
        module = CORE,
        of = "dev.sesame.SesameConfig",
        never = "io.ktor",
        unless = "io.ktor.client.engine.HttpClientEngine",
        bad = "dev.sesame.SesameConfig" to "io.ktor.client.HttpClient",
    ),
    ImportRow(
        "sesame-ktor-server knows core and the Ktor server",
        module = KTOR_SERVER,
        may = "dev.sesame io.ktor.server io.ktor.http io.ktor.util io.ktor.utils kotlinx.serialization kotlinx.coroutines kotlinx.io " +
            "org.slf4j kotlin java",
        never = "io.ktor.client dev.sesame.rules dev.sesame.broker java.sql",
        bad = "dev.sesame.ktor.Gated" to "io.ktor.client.HttpClient",
    ),
    ImportRow(
        "sesame-ktor-server takes core's public parts alone, and no engine of Ktor's",
        module = KTOR_SERVER,
        never = "dev.sesame.internal io.ktor.server.netty io.ktor.server.cio io.ktor.server.engine",
        bad = "dev.sesame.ktor.Gated" to "dev.sesame.internal.CanonicalJson",
    ),
    ImportRow(
        "sesame-testing knows core, the rules, the Ktor client, serialization, coroutines and the JDK's HTTP server, never the broker",
        module = TESTING,
        may = "dev.sesame io.ktor.client io.ktor.http io.ktor.util io.ktor.utils kotlinx.serialization kotlinx.coroutines kotlin java " +
            "com.sun.net.httpserver org.junit.jupiter.api.extension io.kotest.core.spec",
        never = "dev.sesame.broker java.sql",
        bad = "dev.sesame.testing.internal.Store" to "dev.sesame.broker.store.ApprovalStore",
    ),
    ImportRow(
        "in sesame-testing only what is named for it knows kotlinx-coroutines-test, JUnit or Kotest, which not everybody has",
        module = TESTING,
        besides = "dev.sesame.testing.VirtualTime dev.sesame.testing.internal.VirtualTime dev.sesame.testing.FakeBrokerExtension " +
            "dev.sesame.testing.KotestFakeBroker",
        never = "kotlinx.coroutines.test org.junit io.kotest dev.sesame.testing.internal.VirtualTime",
        bad = "dev.sesame.testing.FakeBroker" to "kotlinx.coroutines.test.TestScope",
    ),
    ImportRow(
        "in sesame-testing only the two doors know Ktor and the JDK's HTTP server",
        module = TESTING,
        besides = "dev.sesame.testing.internal.InProcessEngine dev.sesame.testing.internal.LoopbackServer",
        never = "io.ktor com.sun.net.httpserver",
        bad = "dev.sesame.testing.internal.Routes" to "com.sun.net.httpserver.HttpExchange",
    ),
    ImportRow(
        "sesame-java-compat knows core, Gson, slf4j and the JDK: nothing of Kotlin's, of coroutines or of Ktor",
        module = JAVA,
        may = "dev.sesame com.google.gson org.jspecify.annotations org.slf4j java",
        never = "dev.sesame.rules dev.sesame.broker dev.sesame.testing java.sql",
        bad = "dev.sesame.java.AsyncSesame" to "kotlinx.coroutines.future.FutureKt",
    ),
    ImportRow(
        "in sesame-java-compat only what reads and writes contexts knows Gson",
        module = JAVA,
        besides = "dev.sesame.java.internal.JsonText",
        never = "com.google.gson",
        bad = "dev.sesame.java.Approval" to "com.google.gson.Gson",
    ),
)
