package dev.sesame.checks

import dev.sesame.Sesame
import dev.sesame.ktor.approval
import dev.sesame.ktor.gated
import io.ktor.server.application.Application
import io.ktor.server.response.respondText
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

// What docs/ktor.md shows of edits, compiled, and run by KtorPolicyTest.

internal fun Application.gatedEditsExample(sesame: Sesame, refund: (customer: String, cents: Long) -> String) {
    routing {
        gated(
            sesame,
            "payments.refund",
            context = { _, body -> Json.parseToJsonElement(body.decodeToString()).jsonObject }, // such as {"cents": 4200}
            editable = listOf("cents"),
        ) {
            post("/refunds/{customer}") {
                val cents = call.approval.effectiveContext.getValue("cents").jsonPrimitive.long // the body says what was asked
                call.respondText(refund(call.pathParameters["customer"].orEmpty(), cents))
            }
        }
    }
}
