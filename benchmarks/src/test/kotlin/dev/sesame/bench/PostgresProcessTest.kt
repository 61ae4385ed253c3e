package dev.sesame.bench

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

private val question = buildJsonObject {
    put("action", "orders.ship")
    put("summary", "Ship order 7")
    put("context", buildJsonObject { put("order", 7) })
}

class PostgresProcessTest :
    FunSpec({
        test("two brokers share a database of a server that was stopped and started again") {
            val scratch = tempdir().toPath()
            PostgresProcess(scratch).use { postgres ->
                postgres.start()
                val database = postgres.newDatabase()
                postgres.stop()
                postgres.start()
                val shared = postgres.brokerEnvironment(database)
                BrokerProcess(scratch.resolve("one"), environment = shared).use { one ->
                    one.start()
                    BrokerProcess(scratch.resolve("two"), environment = shared).use { two ->
                        two.start()
                        val asked = PlainHttp(one.url, one.apiKey).use { it.post("/v1/approvals", question) }.answered()
                        val read = PlainHttp(two.url, two.apiKey).use { it.get("/v1/approvals/${asked.text("approval_id")}") }.answered()
                        read["request_hash"] shouldBe asked.getValue("request_hash")
                    }
                }
            }
        }
    })
