package dev.sesame.broker.deploy

import dev.sesame.broker.BrokerConfig
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import org.snakeyaml.engine.v2.api.Load
import org.snakeyaml.engine.v2.api.LoadSettings
import kotlin.io.path.isRegularFile
import kotlin.io.path.readText

/** What can be held to the truth of the container files where nothing runs containers. */
class ComposeTest :
    FunSpec({
        val compose = Load(LoadSettings.builder().build()).loadFromString(repository("deploy/compose.yaml").readText()).tree()
        val services = compose.at("services")
        val containerfile = repository("deploy/Containerfile").readText()
        val port = BrokerConfig.DEFAULT_PORT

        test("two brokers with the same settings and directories of their own, on the database of the service beside them") {
            val brokers = listOf("broker-a", "broker-b").map { services.at(it) }
            brokers.map { it["<<"] }.distinct() shouldBe listOf(compose["x-broker"])
            brokers.map { it["volumes"] } shouldBe listOf(listOf("broker-a:/data"), listOf("broker-b:/data"))
            val settings = compose.at("x-broker").at("environment")
            val database = services.at("database").at("environment")
            settings["SESAME_DATABASE_URL"] shouldBe "jdbc:postgresql://database:5432/${database["POSTGRES_DB"]}"
            settings["SESAME_DATABASE_USER"] shouldBe database["POSTGRES_USER"]
            settings["SESAME_DATABASE_PASSWORD"] shouldBe database["POSTGRES_PASSWORD"]
            compose.at("volumes").keys shouldContainAll listOf("database", "broker-a", "broker-b")
        }

        test("the proxy sends calls to both, where they listen, with the file that is there") {
            val proxy = services.at("proxy")
            proxy.at("environment")["BROKERS"] shouldBe "broker-a:$port broker-b:$port"
            "${proxy["volumes"]}" shouldContain "./Caddyfile:"
            val caddyfile = repository("deploy/Caddyfile").readText()
            proxy.at("environment").keys.forEach { caddyfile shouldContain "{\$$it:" }
        }

        test("the image is built from a file that is there, keeps data where the volume is, and listens where the proxy calls") {
            compose.at("x-broker").at("build") shouldBe mapOf("context" to "..", "dockerfile" to "deploy/Containerfile")
            containerfile shouldContain "SESAME_DATA_DIR=/data"
            containerfile shouldContain "EXPOSE $port"
            containerfile shouldContain "deploy/ready.sh"
            repository("deploy/ready.sh").isRegularFile() shouldBe true
        }
    })

private fun Any?.tree(): Map<*, *> = this as Map<*, *>

private fun Map<*, *>.at(key: String): Map<*, *> = requireNotNull(this[key]) { "there is no $key in $keys" }.tree()
