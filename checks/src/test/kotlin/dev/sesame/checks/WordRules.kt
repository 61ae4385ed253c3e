package dev.sesame.checks

// Written in pieces: these rules read themselves, too.
private val unfinished = listOf("TO" + "DO", "FIX" + "ME", "XX" + "X")

internal val unfinishedWork = Rule(
    "no source says that something remains to be done (${unfinished.joinToString { it.lowercase() }})",
    over = { !it.name.endsWith(".md") },
    bad = unfinished.map { inMain("val a = 1 // $it: say why") } + SourceFile("sesame", "# ${unfinished.first()}"),
    good = listOf(inMain("val ${unfinished.first()}S = 1")),
) { file -> file.findInText(Regex(unfinished.joinToString("|", """\b(?:""", """)\b"""))) }

internal val sleeps = Rule(
    "no test sleeps: it moves a clock, or awaits what it wants to see",
    over = SourceFile::isTest,
    bad = listOf("Thread.sleep(5)", "TimeUnit.SECONDS.sleep(1)", "import java.lang.Thread.sleep").map(::inTests),
    good = listOf("val a = \"Thread.sleep(5)\"", "// Thread.sleep(5)", "box.sleep()").map(::inTests),
) { file -> file.findInCode(Regex("""\b(?:Thread|TimeUnit\.\w+)\.sleep\b""")) }

internal val swallowedCancellation = Rule(
    "main sources never use runCatching: it swallows the cancellation of a coroutine",
    over = SourceFile::isMain,
    bad = listOf(inMain("val a = runCatching { vote() }"), inMain("val a = vote.runCatching{ it }")),
    good = listOf(inMain("/** Not runCatching. */"), inTests("runCatching { vote() }")),
) { file -> file.findInCode(Regex("""\brunCatching\b""")) }

private val timeless = Regex("""^dev\.sesame\.(?:rules|broker\.approval|broker\.policy)(?:\..*)?$""")
private val hiddenInput =
    Regex("""\b(?:(?:Instant|\w+DateTime|LocalDate)\.now\(\)|UUID\.randomUUID\(|System\.(?:currentTimeMillis|nanoTime)\(|Clock\.system)""")

internal val hiddenInputs = Rule(
    "rules, use cases and policy are told the time and the ids: no Instant.now(), UUID.randomUUID(), System.currentTimeMillis()",
    over = { it.isMain && timeless.matches(it.packageName) },
    bad = listOf("Instant.now()", "UUID.randomUUID()", "System.currentTimeMillis()").flatMap {
        listOf(
            SourceFile("sesame-rules/src/main/kotlin/Vote.kt", "package dev.sesame.rules\nval a = $it"),
            SourceFile("sesame-broker/src/main/kotlin/CastVote.kt", "package dev.sesame.broker.approval\nval a = java.util.$it"),
            SourceFile("sesame-broker/src/main/kotlin/Rule.kt", "package dev.sesame.broker.policy\nval a = $it"),
        )
    },
    good = listOf(
        SourceFile("sesame-broker/src/main/kotlin/Wiring.kt", "package dev.sesame.broker\nval a = Instant.now()"),
        SourceFile("sesame-rules/src/main/kotlin/Vote.kt", "package dev.sesame.rules\nval a = Instant.now(clock)"),
    ),
) { file -> file.findInCode(hiddenInput) }

private val registryHosts = listOf(
    "repo maven apache org", "repo1 maven org", "central sonatype com", "oss sonatype org", "plugins gradle org", "services gradle org",
    "maven google com", "jitpack io", "registry npmjs org", "registry yarnpkg com", "pypi org", "files pythonhosted org",
    "proxy golang org", "crates io", "rubygems org", "deb debian org", "security debian org", "archive ubuntu com",
    "registry-1 docker io", "ghcr io",
).map { it.replace(' ', '.') }

internal val registries = Rule(
    "no file names the host of a package registry: whose machine it is decides where packages come from",
    over = { true },
    bad = registryHosts.map { SourceFile(".mvn/wrapper/maven-wrapper.properties", "distributionUrl=https://$it/a.zip") },
    good = listOf(SourceFile("pom.xml", "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">")),
) { file -> file.findInText(Regex(registryHosts.joinToString("|", """\b(?:""", """)\b""") { Regex.escape(it) })) }
