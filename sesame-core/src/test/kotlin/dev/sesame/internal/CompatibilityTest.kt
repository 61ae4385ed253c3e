package dev.sesame.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.string
import io.kotest.property.checkAll

private val ktorParts = listOf("ktor-client-core", "ktor-http", "ktor-io")

private fun versions(ktor: String, coroutines: String, serialization: String, stdlib: String): Map<String, String> = mapOf(
    "kotlin-stdlib" to stdlib,
    "kotlinx-coroutines-core" to coroutines,
    "kotlinx-serialization-core" to serialization,
) + ktorParts.associateWith { ktor }

private val floor = versions(ktor = "3.4.3", coroutines = "1.10.2", serialization = "1.9.0", stdlib = "2.2.21")

/** Each line was tried: a client asked, was answered, claimed and reported on these, or couldn't. */
class CompatibilityTest :
    FunSpec({
        mapOf(
            "the floor" to floor,
            "the oldest of all that works" to versions("3.4.0", "1.9.0", "1.8.0", "2.2.0"),
            "Spring Boot 4.0.1's list" to versions("3.4.3", "1.10.2", "1.9.0", "2.2.21"),
            "Spring Boot 4.1.0's list" to versions("3.4.3", "1.10.2", "1.11.0", "2.3.21"),
            "newer coroutines alone" to versions("3.4.3", "1.11.0", "1.9.0", "2.2.21"),
            "the newest" to versions("3.5.2", "1.11.0", "1.12.0", "2.4.10"),
            "the newest Ktor on the floor's other libraries" to versions("3.5.2", "1.11.0", "1.9.0", "2.2.21"),
            "what is newer than anything that is known" to versions("4.0.0", "2.0.0", "2.0.0", "3.0.0"),
            "numbers that aren't compared as text" to versions("3.10.0", "1.100.0", "1.10.0", "2.10.0"),
            "a pre-release of what is needed" to versions("3.4.0-eap-1", "1.9.0-RC.2", "1.8.0-RC", "2.2.0"),
            "versions of two numbers" to versions("3.5", "1.11", "1.8", "2.2"),
        ).forEach { (name, found) ->
            test("nothing is wrong with $name") { incompatibilities(found).shouldBeEmpty() }
        }

        mapOf(
            floor + ("kotlinx-coroutines-core" to "1.8.1") to
                "kotlinx-coroutines-core 1.8.1 is too old: 1.9.0 or newer is needed",
            floor + ("kotlinx-serialization-core" to "1.7.3") to
                "kotlinx-serialization-core 1.7.3 is too old: 1.8.0 or newer is needed",
            floor + ("kotlin-stdlib" to "2.1.21") to
                "kotlin-stdlib 2.1.21 is too old: 2.2.0 or newer is needed",
            versions("3.3.3", "1.10.2", "1.9.0", "2.2.21") to
                "ktor-client-core and ktor-http and ktor-io 3.3.3 is too old: 3.4.0 or newer is needed",
            versions("3.5.2", "1.10.2", "1.9.0", "2.2.21") to
                "kotlinx-coroutines-core 1.10.2 is too old: ktor-client-core 3.5.2 needs 1.11.0 or newer",
            floor + ("ktor-io" to "3.5.2") to
                "kotlinx-coroutines-core 1.10.2 is too old: ktor-io 3.5.2 needs 1.11.0 or newer",
            versions("3.5.0", "1.11.0", "1.9.0", "2.2.21") + ("ktor-io" to "3.4.3") to
                "ktor-io 3.4.3 is too old: ktor-client-core 3.5.0 needs 3.5.0 or newer",
        ).forEach { (found, problem) ->
            test(problem) { incompatibilities(found) shouldBe listOf(problem) }
        }

        test("everything that is wrong is told at once: Spring Boot 3.5's list has three libraries too old") {
            incompatibilities(versions("3.4.3", "1.8.1", "1.6.3", "1.9.25")) shouldBe listOf(
                "kotlin-stdlib 1.9.25 is too old: 2.2.0 or newer is needed",
                "kotlinx-coroutines-core 1.8.1 is too old: 1.9.0 or newer is needed",
                "kotlinx-serialization-core 1.6.3 is too old: 1.8.0 or newer is needed",
            )
        }

        test("what couldn't be found isn't judged, nor what needs it") {
            incompatibilities(emptyMap()).shouldBeEmpty()
            floor.keys.forEach { missing -> incompatibilities(floor - missing).shouldBeEmpty() }
            incompatibilities(mapOf("ktor-client-core" to "3.5.2")).shouldBeEmpty()
            incompatibilities(mapOf("kotlinx-coroutines-core" to "1.10.2")).shouldBeEmpty()
        }

        listOf("", "1", "unspecified", "1.x", ".1.2", "v1.2.3", "1.99999999999.0", "1..2", "-1.0.0").forEach { odd ->
            test("'$odd' tells no version, and isn't judged") {
                floor.keys.forEach { incompatibilities(floor + (it to odd)).shouldBeEmpty() }
            }
        }

        test("no text in place of a version ends in anything but findings") {
            checkAll(Arb.string()) { text -> floor.keys.forEach { incompatibilities(floor + (it to text)) } }
        }
    })
