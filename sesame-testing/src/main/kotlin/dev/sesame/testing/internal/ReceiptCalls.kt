package dev.sesame.testing.internal

import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.notFound
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Receipts of decisions, and the key that signs them. */
internal class ReceiptCalls(private val access: Access, private val store: Store, private val signer: ReceiptSigner) {
    fun receipt(call: HttpCall, id: String): HttpAnswer {
        val caller = access.caller(call)
        val record = store.find(known(id), caller::mayRead) ?: throw notFound()
        val signed = signer.of(record) ?: throw Problem(ProblemCode.NOT_FOUND, "there is no receipt of it")
        return json(JsonObject(mapOf("receipt" to JsonPrimitive(signed))))
    }

    fun keys(): HttpAnswer = json(signer.jwks)
}
