package dev.sesame.broker.policy.yaml

import org.snakeyaml.engine.v2.exceptions.Mark
import org.snakeyaml.engine.v2.nodes.Node
import java.util.Optional

/** A place in a text, counted from 1 as editors do. */
internal data class Place(val line: Int, val column: Int) {
    val inWords: String get() = "line $line, column $column"

    companion object {
        /** Where all of it is meant. */
        val NOWHERE = Place(0, 0)

        fun of(node: Node): Place = of(node.startMark)

        fun of(mark: Optional<Mark>): Place = mark.map { Place(it.line + 1, it.column + 1) }.orElse(NOWHERE)
    }
}
