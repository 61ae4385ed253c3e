package dev.sesame.checks

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainAll

/** Brokers of two versions run side by side while a newer one takes over: the older one must bear what the newer one makes of the schema. */
class AdditiveMigrationsTest :
    FunSpec({
        enforce(additiveMigrations)

        test("the migrations are looked at") {
            SourceTree.files.map { it.path }.shouldContainAll(ENGINES.map { "$MIGRATIONS/$it/V14__epoch.sql" })
        }
    })

private const val MIGRATIONS = "sesame-broker/src/main/resources/db"
private val ENGINES = listOf("sqlite", "postgres")

/** From this version on; what came before was never run beside another. */
private const val FIRST_HELD = 13

private val version = Regex("""$MIGRATIONS/\w+/V(\d+)(?:_\d+)?__\w+\.sql""")

internal val additiveMigrations = Rule(
    "a migration only adds, from V$FIRST_HELD on: a table, an index, a column that may be absent or has a default",
    over = { file -> (version.matchEntire(file.path)?.groupValues?.get(1)?.toInt() ?: 0) >= FIRST_HELD },
    bad = listOf(
        "DROP TABLE votes;",
        "drop index votes_by_age;",
        "DROP INDEX approvals_by_status;",
        "ALTER TABLE votes DROP COLUMN note;",
        "ALTER TABLE votes RENAME COLUMN note TO remark;",
        "ALTER TABLE votes RENAME TO answers;",
        "ALTER TABLE votes ALTER COLUMN note TYPE BIGINT;",
        "ALTER TABLE votes ALTER COLUMN note SET NOT NULL;",
        "ALTER TABLE votes ADD COLUMN note TEXT NOT NULL;",
        "ALTER TABLE votes\n    ADD COLUMN note TEXT,\n    ADD COLUMN place TEXT NOT NULL;",
        "ALTER TABLE votes ADD COLUMN note TEXT UNIQUE;",
        "ALTER TABLE votes ADD COLUMN note TEXT REFERENCES notes (id);",
        "ALTER TABLE votes ADD CONSTRAINT few CHECK (note <> '');",
        "CREATE UNIQUE INDEX votes_once ON votes (note);",
        "CREATE TRIGGER no_votes BEFORE INSERT ON votes BEGIN SELECT RAISE(ABORT, 'no'); END;",
        "DELETE FROM votes;",
        "CREATE TABLE marks (id TEXT PRIMARY KEY); CREATE UNIQUE INDEX votes_once ON votes (note);",
    ).map(::migration),
    good = listOf(
        "-- We never DROP a table.\nCREATE TABLE votes (id TEXT PRIMARY KEY, note TEXT NOT NULL UNIQUE CHECK (note <> ''));",
        "CREATE TABLE votes (id TEXT); CREATE UNIQUE INDEX votes_once ON votes (id); INSERT INTO votes VALUES ('DROP');",
        "ALTER TABLE votes ADD COLUMN note TEXT; CREATE INDEX votes_by_note ON votes (note) WHERE note IS NOT NULL;",
        "ALTER TABLE votes ADD COLUMN weight INTEGER NOT NULL DEFAULT 1;\nUPDATE votes SET weight = 2 WHERE note IS NOT NULL;",
    ).map(::migration) +
        SourceFile("$MIGRATIONS/sqlite/V9__old.sql", "DROP TABLE votes;"),
) { file ->
    val statements = file.text.replace(Regex("--.*"), "").replace(Regex("'[^']*'"), "''").split(';').map { it.trim() }
    val own = statements.mapNotNull { newTable.find(it)?.groupValues?.get(1) }.toSet()
    val kept = if (file.path.endsWith("/V13__growth.sql")) statements - replacedIndexes else statements
    kept.filter { it.isNotEmpty() }.mapNotNull { statement -> fault(statement, own) }.map { Finding(file.path, 1, it) }
}

private val newTable = Regex("""^CREATE TABLE\s+(\w+)""", RegexOption.IGNORE_CASE)
private val addsToTable = Regex("""^ALTER TABLE\s+\w+\s+ADD COLUMN\b""", RegexOption.IGNORE_CASE)
private val index = Regex("""^CREATE (UNIQUE )?INDEX\s+\w+\s+ON\s+(\w+)""", RegexOption.IGNORE_CASE)
private val rows = Regex("""^(?:INSERT INTO|UPDATE)\s""", RegexOption.IGNORE_CASE)
private val narrows =
    Regex("""\b(?:UNIQUE|REFERENCES|CHECK|PRIMARY|CONSTRAINT|DROP|RENAME|ALTER COLUMN|SET NOT)\b""", RegexOption.IGNORE_CASE)

/** They held nothing to be unique, and V13 makes wider ones in their place: an older broker only finds its rows sooner. */
private val replacedIndexes = setOf("DROP INDEX approvals_by_status", "DROP INDEX approvals_pending_of")

/** What of [statement] an older broker couldn't bear; tables that are new with it, [own], it doesn't know. */
private fun fault(statement: String, own: Set<String>): String? {
    val line = statement.lines().first()
    val onIndex = index.find(statement)?.groupValues
    return when {
        newTable.containsMatchIn(statement) || rows.containsMatchIn(statement) -> null
        onIndex != null -> line.takeIf { onIndex[1].isNotEmpty() && onIndex[2] !in own }
        addsToTable.containsMatchIn(statement) -> line.takeIf { narrows.containsMatchIn(statement.drop(1)) || isAskedForAtOnce(statement) }
        else -> line
    }
}

private fun isAskedForAtOnce(statement: String): Boolean = statement.split(Regex("""\bADD COLUMN\b""", RegexOption.IGNORE_CASE)).drop(1)
    .any { Regex("NOT NULL", RegexOption.IGNORE_CASE) in it && !it.contains("DEFAULT", ignoreCase = true) }

private fun migration(text: String) = SourceFile("$MIGRATIONS/postgres/V99__change.sql", text)
