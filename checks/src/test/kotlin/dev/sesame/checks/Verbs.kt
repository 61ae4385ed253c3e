package dev.sesame.checks

private val caseLabel = Regex("""^\s*\(?([a-z][\w-]*(?:\s*\|\s*[\w-]+)*)\)""")
private val commandClass = Regex("""\bclass (\w+)(?:(?!\bclass\b)[^{}])*?:\s*\w*Command\((\s*\))?""")

/** The verbs that the script [text] tells apart itself, by the labels of its `case`. */
internal fun verbsOfScript(text: String): Set<String> =
    text.lines().mapNotNull { caseLabel.find(it)?.groupValues?.get(1) }.flatMap { it.split('|') }.map { it.trim() }.toSet()

/** The verbs of the command line written in [sources]: what a command is named where it is made, or else what clikt makes of its class. */
internal fun verbsOfCli(sources: List<SourceFile>): Set<String> {
    val text = sources.joinToString("\n") { it.text }
    val commands = commandClass.findAll(text).toList()
    val made = (commands.map { it.groupValues[1] } + """\w*Command""").joinToString("|")
    val named = Regex("""\b(?:$made)\(\s*(?:name = )?"([a-z][a-z0-9-]*)"""").findAll(text).map { it.groupValues[1] }.toSet()
    return named + commands.filter { it.groupValues[2].isNotEmpty() }.map { nameByClass(it.groupValues[1]) }
}

private fun nameByClass(name: String): String =
    name.removeSuffix("Commands").removeSuffix("Command").replace(Regex("([a-z])([A-Z])"), "$1-$2").lowercase()
