package dev.sesame.checks

private const val CORE = "sesame-core"
private const val KTOR_SERVER = "sesame-ktor-server"

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
)
