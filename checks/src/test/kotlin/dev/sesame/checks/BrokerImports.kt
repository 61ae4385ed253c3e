package dev.sesame.checks

private const val BROKER = "sesame-broker"
private const val B = "dev.sesame.broker"
private const val ADAPTERS = "$B.http $B.inbox $B.cli $B.egress $B.store+"

/** One thing, in several files for its length. */
private const val WIRING =
    "$B.Wiring $B.AdminWiring $B.InboxWiring $B.DatabaseWiring $B.MoveDatabase $B.NoticeWiring $B.PolicyWiring $B.ProofWiring " +
        "$B.PushWiring $B.WebhookWiring"
private const val SQL = "org.jdbi java.sql javax.sql org.sqlite org.flywaydb com.zaxxer org.postgresql org.h2"

internal val brokerImports: List<ImportRow> = listOf(
    ImportRow(
        "use cases know the rules, the ports, access, policy, coroutines and the standard library",
        module = BROKER,
        of = "$B.approval",
        may = "$VOCABULARY java.security kotlinx.coroutines $B.approval $B.policy $B.access $B.store!",
        never = "$B.store+",
        bad = "$B.approval.CastVote" to "$B.store.sql.SqlApprovalStore",
    ),
    ImportRow(
        "policy knows the vocabulary, the standard library and the language of conditions",
        module = BROKER,
        of = "$B.policy",
        besides = "$B.policy.yaml",
        may = "$VOCABULARY $B.policy! dev.cel",
        never = IMPURE,
        bad = "$B.policy.PolicyBook" to "kotlinx.coroutines.delay",
    ),
    ImportRow(
        "the policy's file is read into rules with a YAML library, and nothing else",
        module = BROKER,
        of = "$B.policy.yaml",
        may = "$VOCABULARY $B.policy org.snakeyaml",
        never = IMPURE,
        bad = "$B.policy.yaml.PolicyText" to "java.nio.file.Files",
    ),
    ImportRow(
        "the language of conditions is known only in CelCondition.kt",
        module = BROKER,
        besides = "$B.policy.CelCondition",
        never = "dev.cel com.google.protobuf",
        bad = "$B.policy.PolicyBook" to "dev.cel.runtime.CelRuntime",
    ),
    ImportRow(
        "YAML is known only where the policy's file is read",
        module = BROKER,
        besides = "$B.policy.yaml",
        never = "org.snakeyaml",
        bad = "$B.policy.Policy" to "org.snakeyaml.engine.v2.nodes.Node",
    ),
    ImportRow(
        "whoever is no adapter knows no adapter and no technology of one",
        module = BROKER,
        of = "$B+",
        besides = ADAPTERS,
        never = "$ADAPTERS io.ktor.server io.ktor.client okhttp3 com.github.ajalt $SQL",
        bad = "$B.access.ApiKey" to "$B.http.Callers",
    ),
    ImportRow(
        "only Wiring.kt, and its parts, know everything: of the other files beside it, App.kt knows the cli, and none an adapter",
        module = BROKER,
        of = "$B!",
        besides = WIRING,
        never = ADAPTERS,
        unless = "$B.cli",
        bad = "$B.Workers" to "$B.store.sqlite.SqliteDatabase",
    ),
    ImportRow(
        "no file beside Wiring.kt but App.kt knows the cli",
        module = BROKER,
        of = "$B!",
        besides = "$WIRING $B.App",
        never = "$B.cli",
        bad = "$B.Workers" to "$B.cli.Serve",
    ),
    ImportRow(
        "nobody below knows Wiring.kt, App.kt or Workers.kt, the cli apart, which starts them",
        module = BROKER,
        of = "$B+",
        besides = "$B.cli",
        never = "$WIRING $B.App $B.Workers",
        bad = "$B.http.ApprovalRoutes" to "$B.Wiring",
    ),
    ImportRow(
        "http knows no other adapter",
        module = BROKER,
        of = "$B.http",
        never = "$B.inbox $B.cli $B.egress $B.store+",
        bad = "$B.http.ApprovalRoutes" to "$B.store.sql.SqlApprovalStore",
    ),
    ImportRow(
        "inbox knows no other adapter",
        module = BROKER,
        of = "$B.inbox",
        never = "$B.http $B.cli $B.egress $B.store+",
        bad = "$B.inbox.InboxPage" to "$B.http.Problems",
    ),
    ImportRow(
        "cli knows no other adapter",
        module = BROKER,
        of = "$B.cli",
        never = "$B.http $B.inbox $B.egress $B.store+",
        bad = "$B.cli.Serve" to "$B.inbox.InboxPage",
    ),
    ImportRow(
        "egress knows no other adapter, and of the rest only what a delivery or a channel asks for",
        module = BROKER,
        of = "$B.egress",
        never = "$ADAPTERS $B.access $B.approval",
        unless = "$B.egress",
        bad = "$B.egress.WebhookSender" to "$B.store.sql.SqlApprovalStore",
    ),
    ImportRow(
        "store.sql, one text for all engines, knows no engine and no other adapter",
        module = BROKER,
        of = "$B.store.sql",
        never = "$ADAPTERS org.sqlite org.postgresql",
        unless = "$B.store.sql",
        bad = "$B.store.sql.SqlApprovalStore" to "$B.store.sqlite.SqliteDatabase",
    ),
    ImportRow(
        "an engine under store knows store.sql, no other engine and no other adapter: SQLite",
        module = BROKER,
        of = "$B.store.sqlite",
        never = ADAPTERS,
        unless = "$B.store.sqlite $B.store.sql",
        bad = "$B.store.sqlite.SqliteDatabase" to "$B.http.Problems",
    ),
    ImportRow(
        "an engine under store knows store.sql, no other engine and no other adapter: PostgreSQL",
        module = BROKER,
        of = "$B.store.postgres",
        never = ADAPTERS,
        unless = "$B.store.postgres $B.store.sql",
        bad = "$B.store.postgres.PostgresDatabase" to "$B.store.sqlite.SqliteDatabase",
    ),
    ImportRow(
        "SQL is spoken only in the packages under store",
        module = BROKER,
        besides = "$B.store+",
        never = SQL,
        bad = "$B.Wiring" to "java.sql.DriverManager",
    ),
    ImportRow(
        "Ktor's server is known only in http, in inbox and beside Wiring.kt",
        module = BROKER,
        besides = "$B.http $B.inbox $B!",
        never = "io.ktor.server",
        bad = "$B.cli.Serve" to "io.ktor.server.engine.embeddedServer",
    ),
    ImportRow(
        "calls leave the broker from egress alone; the cli calls the broker itself",
        module = BROKER,
        besides = "$B.egress $B.cli",
        never = "io.ktor.client okhttp3 java.net.http java.net.Socket",
        bad = "$B.delivery.DeliverDue" to "java.net.http.HttpClient",
    ),
    ImportRow(
        "the library of passkeys is known only where they are judged",
        module = BROKER,
        besides = "$B.access.passkey",
        never = "com.yubico",
        bad = "$B.inbox.PasskeyPages" to "com.yubico.webauthn.RelyingParty",
    ),
    ImportRow(
        "the command line's library is known only in cli and App.kt",
        module = BROKER,
        besides = "$B.cli $B.App",
        never = "com.github.ajalt",
        bad = "$B.Wiring" to "com.github.ajalt.clikt.core.CliktCommand",
    ),
)
