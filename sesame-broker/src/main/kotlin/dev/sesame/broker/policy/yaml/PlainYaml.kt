package dev.sesame.broker.policy.yaml

import org.snakeyaml.engine.v2.api.LoadSettings
import org.snakeyaml.engine.v2.api.lowlevel.Compose
import org.snakeyaml.engine.v2.api.lowlevel.Parse
import org.snakeyaml.engine.v2.events.AliasEvent
import org.snakeyaml.engine.v2.events.CollectionEndEvent
import org.snakeyaml.engine.v2.events.CollectionStartEvent
import org.snakeyaml.engine.v2.events.DocumentStartEvent
import org.snakeyaml.engine.v2.events.Event
import org.snakeyaml.engine.v2.events.NodeEvent
import org.snakeyaml.engine.v2.events.ScalarEvent
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException
import org.snakeyaml.engine.v2.exceptions.YamlEngineException
import org.snakeyaml.engine.v2.nodes.Node

/** YAML without what makes it more than a way to write data: no anchors and aliases, no tags, one document, little depth. */
internal object PlainYaml {
    private const val DEEPEST = 10
    private const val MOST_EVENTS = 100_000

    /** The one value that [text] says; `null` where it says nothing. [BadPolicy] where it isn't plain YAML. */
    fun read(text: String): Node? {
        val settings = LoadSettings.builder().setLabel("the policy").setAllowDuplicateKeys(true).setAllowNonScalarKeys(true)
            .setMaxAliasesForCollections(0)
            .setCodePointLimit(PolicyText.LARGEST_BYTES).build()
        try {
            refuseMore(Parse(settings).parseString(text))
            return Compose(settings).composeString(text).orElse(null)
        } catch (problem: MarkedYamlEngineException) {
            throw BadPolicy(Place.of(problem.problemMark), "this is no YAML: ${problem.problem}")
        } catch (problem: YamlEngineException) {
            throw BadPolicy(Place.NOWHERE, "this is no YAML: ${problem.message.orEmpty().lineSequence().first()}")
        }
    }

    /** Before anything is built of it: an alias of an alias of an alias is how a few lines fill the memory. */
    private fun refuseMore(events: Iterable<Event>) {
        var depth = 0
        var documents = 0
        events.forEachIndexed { index, event ->
            if (event is CollectionStartEvent) depth++
            if (event is CollectionEndEvent) depth--
            if (event is DocumentStartEvent) documents++
            when {
                index > MOST_EVENTS -> refuse(event, "there is more in it than a policy needs")
                depth > DEEPEST -> refuse(event, "it is nested deeper than $DEEPEST")
                documents > 1 -> refuse(event, "a policy is one document: what follows --- isn't part of it")
                event is AliasEvent -> refuse(event, "aliases (*) aren't taken: write it out")
                event is NodeEvent && event.anchor.isPresent -> refuse(event, "anchors (&) aren't taken")
                event.hasTag -> refuse(event, "tags (!) aren't taken")
            }
        }
    }

    private val Event.hasTag: Boolean
        get() = when (this) {
            is ScalarEvent -> tag.isPresent
            is CollectionStartEvent -> tag.isPresent
            else -> false
        }

    private fun refuse(event: Event, problem: String): Nothing = throw BadPolicy(Place.of(event.startMark), problem)
}
