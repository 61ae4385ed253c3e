package dev.sesame.broker.deploy

import java.nio.file.Path
import kotlin.io.path.name
import kotlin.io.path.readText

private val selector = Regex("""\b((?:sesame|process|jvm)_[a-z_]+)(?:\{([^}]*)})?""")
private val match = Regex("""([a-z]+)="([^"]*)"""")

/** What a document or a rule says of a metric: its name, and of its labels what is demanded. */
internal data class Named(val metric: String, val labels: Map<String, String>)

/** Each metric that [text] names. */
internal fun namedIn(text: String): Set<Named> = selector.findAll(text)
    .map { found -> Named(found.groupValues[1], match.findAll(found.groupValues[2]).associate { it.groupValues[1] to it.groupValues[2] }) }
    .toSet()

/** Of [wanted], what no line of the [scrape] satisfies. */
internal fun missingFrom(scrape: String, wanted: Set<Named>): Set<Named> {
    val there = scrape.lineSequence().filterNot { it.startsWith("#") || it.isBlank() }.flatMap { namedIn(it) }.toSet()
    return wanted.filterNot { want -> there.any { it.metric == want.metric && it.labels.entries.containsAll(want.labels.entries) } }.toSet()
}

/** The repository's [path], which is beside this module. */
internal fun repository(path: String): Path = Path.of("..").resolve(path)

/** The text of each file of [folder] that ends in [ends]. */
internal fun textsIn(folder: String, ends: String = ""): Map<String, String> =
    requireNotNull(repository(folder).toFile().listFiles()) { "there is no $folder" }.filter { it.isFile && it.name.endsWith(ends) }
        .associate { "$folder/${it.toPath().name}" to it.toPath().readText() }
