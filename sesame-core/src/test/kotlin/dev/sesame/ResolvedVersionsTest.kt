package dev.sesame

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

/** One class of each jar whose version the pom fixes; Surefire hands the versions over from there. */
private val witnesses = listOf(
    "kotlin.Unit" to "kotlin-stdlib.version",
    "kotlinx.coroutines.Job" to "coroutines.version",
    "kotlinx.coroutines.test.TestScope" to "coroutines.version",
    "kotlinx.serialization.KSerializer" to "serialization.version",
    "kotlinx.serialization.json.Json" to "serialization.version",
    "kotlinx.io.Buffer" to "kotlinx-io.version",
    "kotlinx.io.bytestring.ByteString" to "kotlinx-io.version",
    "io.ktor.client.HttpClient" to "ktor.version",
    "io.ktor.client.engine.mock.MockEngine" to "ktor.version",
    "io.ktor.http.Headers" to "ktor.version",
    "io.ktor.utils.io.ByteReadChannel" to "ktor.version",
    "io.ktor.sse.ServerSentEvent" to "ktor.version",
)

/** The version in the name of the jar that [className] comes from, as in `kotlin-stdlib-2.2.21.jar`. */
private fun versionOfJar(className: String): String {
    val jar = Class.forName(className).protectionDomain.codeSource.location.path.substringAfterLast('/')
    return jar.removeSuffix(".jar").replaceFirst(Regex("""^.+?-(?=\d)"""), "")
}

/** The SDK is tested on the versions that it promises to run on: none was lifted or lowered on the way. */
class ResolvedVersionsTest :
    FunSpec({
        witnesses.forEach { (className, property) ->
            test("$className comes from the version that the pom names as $property") {
                versionOfJar(className) shouldBe System.getProperty(property)
            }
        }
    })
