package dev.sesame.checks

import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** A new test key of [requester]; `default` is the one whose live key the first start made. */
internal suspend fun BrokerProcess.testKey(requester: String = "default"): String {
    val made = post(
        "$address/v1/admin/keys",
        """{"requester": "$requester", "mode": "test"}""",
        "Authorization" to "Bearer $adminToken",
        "Content-Type" to "application/json",
    )
    made.status shouldBe 201
    return Json.parseToJsonElement(made.body).jsonObject.getValue("key").jsonPrimitive.content
}
