package dev.sesame.broker

import dev.sesame.broker.access.Secret
import dev.sesame.broker.http.shouldBeOk
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.readText

class StartProcessTest :
    FunSpec({
        test(
            "the first start makes credentials in files of the owner's alone and prints none; the second keeps them, beside the environment's",
        ) {
            val dataDir = temporaryDirectory().resolve("new/deep")
            val secrets = BrokerProcess.broker(dataDir).use { first ->
                val url = first.ready()
                val files = listOf("admin-token", "api-key", "webhook-secret", "sign-in-link").map(dataDir::resolve)
                files.forEach { PosixFilePermissions.toString(Files.getPosixFilePermissions(it)) shouldBe "rw-------" }
                PosixFilePermissions.toString(Files.getPosixFilePermissions(dataDir)) shouldBe "rwx------"
                val secrets = files.map { it.readText().trim() }
                secrets.forEach { (first.out + first.err) shouldNotContain it }
                files.forEach { first.out shouldContain "$it" }
                Http(url, secrets[0]).get("/v1/admin/keys").shouldBeOk()
                Browser(url).signIn(secrets[3])
                Http(url, secrets[1]).post("/v1/approvals", "action" to "a", "summary" to "b").text("requester_label") shouldBe "default"
                first.stop()
                first.exitCode() shouldBe 0
                secrets
            }
            val key = "sk_live_" + "k".repeat(32)
            val token = "at_" + "t".repeat(32)
            val environment = mapOf("SESAME_BOOTSTRAP_API_KEY" to key, "SESAME_BOOTSTRAP_APPROVER_TOKEN" to token)
            BrokerProcess.broker(dataDir, environment = environment).use { second ->
                val url = second.ready()
                listOf("admin-token", "api-key", "webhook-secret", "sign-in-link").map { dataDir.resolve(it).readText().trim() } shouldBe
                    secrets
                second.out shouldNotContain "Made"
                (secrets + key + token).forEach { (second.out + second.err) shouldNotContain it }
                listOf(secrets[0], token).forEach { Http(url, it).get("/v1/admin/keys").list("keys").size shouldBe 2 }
                listOf(secrets[1], key).forEach { Http(url, it).get("/v1/approvals").ids.size shouldBe 1 }
            }
        }

        test("credentials from the environment are made once, also over another start, and no others are made") {
            val dataDir = temporaryDirectory()
            val key = Secret("sk_live_" + "k".repeat(32))
            val token = Secret("at_" + "t".repeat(32))
            repeat(2) { start ->
                val config = BrokerConfig(port = 0, dataDir = dataDir, bootstrapApiKey = key, bootstrapApproverToken = token)
                Broker.start(config).use { broker ->
                    val opened = Http(broker.url, key.clear).post("/v1/approvals", "action" to "a", "summary" to "b", "dedup_key" to "once")
                    opened.status shouldBe (if (start == 0) 201 else 200)
                    opened.text("requester_label") shouldBe "default"
                    val admin = Http(broker.url, token.clear)
                    listOf("keys", "approvers", "requesters").forEach { admin.get("/v1/admin/$it").list(it).size shouldBe 1 }
                    listOf("admin-token", "api-key").forEach { dataDir.resolve(it).exists() shouldBe false }
                }
            }
        }

        test("a clean stop leaves the database alone in its directory, with the lock and the credentials") {
            val dataDir = temporaryDirectory()
            TestBroker(dataDir).close()
            dataDir.listDirectoryEntries().map { it.name } shouldContainExactlyInAnyOrder
                listOf("sesame.db", "lock", "api-key", "webhook-secret", "secrets.key")
        }
    })
