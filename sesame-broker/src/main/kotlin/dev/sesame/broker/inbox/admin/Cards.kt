package dev.sesame.broker.inbox.admin

import kotlinx.html.FlowContent
import kotlinx.html.div
import kotlinx.html.p
import kotlinx.html.table
import kotlinx.html.tbody
import kotlinx.html.td
import kotlinx.html.th
import kotlinx.html.thead
import kotlinx.html.tr

/** One column of [cards]. */
internal class Column<T>(val title: String, val cell: FlowContent.(T) -> Unit)

/** A table where there is room for one; where there is none, each row is a card. The first column says what a row is about. */
internal fun <T> FlowContent.cards(name: String, rows: List<T>, empty: String, vararg columns: Column<T>) {
    if (rows.isEmpty()) return p("quiet none") { +empty }
    table("cards") {
        attributes["aria-label"] = name
        thead {
            tr {
                columns.forEach { column ->
                    th {
                        attributes["scope"] = "col"
                        +column.title
                    }
                }
            }
        }
        tbody {
            rows.forEach { row ->
                tr {
                    columns.forEach { column ->
                        td {
                            attributes["data-label"] = column.title
                            div("cell") { column.cell(this, row) }
                        }
                    }
                }
            }
        }
    }
}
