package dev.sesame.broker

import dev.sesame.broker.http.RawCall
import dev.sesame.broker.http.claimant
import dev.sesame.broker.http.rawPost
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.http.shouldBeRefusedWith
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import kotlin.io.path.readText
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

class StopProcessTest :
    FunSpec({
        fun requester(url: String, dataDir: Path) = Http(url, dataDir.resolve("api-key").readText().trim())

        fun admin(url: String, dataDir: Path) = Http(url, dataDir.resolve("admin-token").readText().trim())

        fun Http.asked(vararg fields: Pair<String, Any?>): String =
            post("/v1/approvals", "action" to "a", "summary" to "b", *fields).also { it.status shouldBe 201 }.text("approval_id")!!

        test("SIGTERM: held polls are answered with what stands, and the process exits 0 within ten seconds") {
            val dataDir = temporaryDirectory()
            BrokerProcess.broker(dataDir).use { process ->
                val http = requester(process.ready(), dataDir)
                val id = http.asked()
                val held = List(5) { http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=50") }
                runCatching { held[0].get(1, TimeUnit.SECONDS) }.exceptionOrNull()!!::class shouldBe TimeoutException::class
                measureTime {
                    process.stop()
                    held.forEach { it.get(10, TimeUnit.SECONDS).shouldBeOk().text("status") shouldBe "pending" }
                    process.exitCode(10) shouldBe 0
                } shouldBeLessThan 10.seconds
            }
        }

        test("from SIGTERM on a new call is refused on a connection of its own and on an old one, and one under way gets its answer") {
            val dataDir = temporaryDirectory()
            BrokerProcess.broker(dataDir).use { process ->
                val url = process.ready()
                val http = requester(url, dataDir)
                val id = http.asked()
                RawCall(url).use { underWay ->
                    RawCall(url).use { old ->
                        val body = """{"action":"a","summary":"b","dedup_key":"under way"}"""
                        underWay.send(rawPost("/v1/approvals", http.bearer!!, body.length) + body.take(10))
                        old.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        old.head().firstOrNull() shouldBe "HTTP/1.1 200 OK"
                        old.text(3) shouldBe "ok\n"
                        val held = http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=50")
                        val feed = http.getLater("/v1/decisions")
                        runCatching { held.get(1, TimeUnit.SECONDS) }.exceptionOrNull()!!::class shouldBe TimeoutException::class

                        process.stop()
                        held.get(5, TimeUnit.SECONDS).shouldBeOk().text("status") shouldBe "pending"
                        val refused = http.post("/v1/approvals", "action" to "a", "summary" to "b")
                        refused shouldBeRefusedWith (503 to "unavailable")
                        refused.header("Retry-After") shouldBe "1"
                        old.send("GET /v1/approvals HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        val head = old.head()
                        head.firstOrNull().orEmpty() shouldStartWith "HTTP/1.1 503 "
                        head.map { it.lowercase() } shouldContain "connection: close"
                        old.rest().takeLast(1) shouldBe "}" // and no more than the answer: it hung up
                        underWay.send(body.drop(10))
                        underWay.head().firstOrNull() shouldBe "HTTP/1.1 201 Created"
                        feed.get(5, TimeUnit.SECONDS).status shouldBe 200
                        process.exitCode(10) shouldBe 0
                    }
                }
            }
            TestBroker(dataDir).use { requester(it.url, dataDir).get("/v1/approvals").ids.size shouldBe 2 }
        }

        test("kill -9: every answered call is there after a restart, and what fell due meanwhile is expired") {
            val dataDir = temporaryDirectory()
            val ids = mutableMapOf<String, String>()
            var token = ""
            val me = claimant()
            BrokerProcess.broker(dataDir).use { process ->
                val url = process.ready()
                val http = requester(url, dataDir)
                val admin = admin(url, dataDir)
                fun decided(decision: String) = http.asked().also {
                    admin.post("/v1/approvals/$it/decision", "decision" to decision).shouldBeOk()
                }
                fun claimed() = decided("approve").also {
                    val hash = http.get("/v1/approvals/$it").text("context_hash")
                    token =
                        http.post("/v1/approvals/$it/claim", "claimant" to me, "context_hash" to hash).shouldBeOk().text("claim_token")!!
                }
                ids["expired"] = http.asked("expires_in" to 10)
                ids["denied"] = decided("deny")
                ids["cancelled"] = http.asked().also { http.post("/v1/approvals/$it/cancel").shouldBeOk() }
                ids["succeeded"] = claimed().also {
                    http.post("/v1/approvals/$it/outcome", "claim_token" to token, "outcome" to "succeeded").shouldBeOk()
                }
                ids["claimed"] = claimed()
                ids["pending"] = http.asked("dedup_key" to "kept")
                process.kill()
            }
            TestBroker(dataDir).use { restarted ->
                val http = requester(restarted.url, dataDir)
                fun read(name: String) = http.get("/v1/approvals/${ids.getValue(name)}").shouldBeOk()
                listOf("denied", "cancelled", "pending").forEach { read(it).text("status") shouldBe it }
                listOf("succeeded", "claimed").forEach { read(it).text("execution.state") shouldBe it }
                http.post("/v1/approvals/${ids["claimed"]}/outcome", "claim_token" to token, "outcome" to "failed").shouldBeOk()
                val again = http.post("/v1/approvals", "action" to "a", "summary" to "b", "dedup_key" to "kept")
                (again.status to again.text("approval_id")) shouldBe (200 to ids["pending"])
                // Ten seconds is the shortest expiry there is: most of them passed while the broker was down.
                http.get("/v1/approvals/${ids["expired"]}?wait=true&timeout_seconds=20").text("status") shouldBe "expired"
            }
        }
    })
