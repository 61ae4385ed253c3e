package dev.sesame.checks

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.maps.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe

private val floorNames = setOf("kotlin-stdlib.version", "coroutines.version", "serialization.version", "kotlinx-io.version", "ktor.version")

/** Which jars go by which version; Surefire hands the versions over from the pom. */
private val families = mapOf(
    "kotlin-stdlib.version" to Regex("""kotlin-stdlib(?:-jdk\d)?"""),
    "coroutines.version" to Regex("""kotlinx-coroutines-.+"""),
    "serialization.version" to Regex("""kotlinx-serialization-.+"""),
    "kotlinx-io.version" to Regex("""kotlinx-io-.+"""),
    "ktor.version" to Regex("""ktor-.+"""),
)

private val jarName = Regex("""([^/]+?)-(\d[^/]*)\.jar""")

/** The jars in [paths] that belong to a family and have another version than [wanted] says, and the families without any jar. */
private fun misfits(paths: List<String>, wanted: Map<String, String>): List<String> {
    val jars = paths.mapNotNull { jarName.find(it)?.destructured?.let { (name, version) -> name to version } }
    return families.flatMap { (property, family) ->
        val members = jars.filter { (name, _) -> family.matches(name) }
        if (members.isEmpty()) return@flatMap listOf("no jar of $property")
        members.filter { (_, version) -> version != wanted[property] }.map { (name, version) -> "$name $version, not ${wanted[property]}" }
    }
}

class VersionsTest :
    FunSpec({
        test("the BOM names the same versions as the parent, and manages nothing that the parent doesn't") {
            val parent = Pom.at("pom.xml")
            val bom = Pom.at("sesame-bom/pom.xml")
            bom.version shouldBe parent.version
            bom.properties shouldContainExactly parent.properties.filterKeys { it in floorNames + "slf4j.version" }
            (bom.managed - parent.managed) shouldBe emptySet()
        }

        test("what runs on the newest versions says the same ones as the profile `newest`") {
            val newest = Pom.at("pom.xml").profile("newest")
            newest.keys shouldBe floorNames
            SourceTree.files.filter { it.name == "pom.xml" && it.path != "pom.xml" && it.path != "sesame-bom/pom.xml" }
                .map { file -> file.path to Pom(file.text).properties.filterKeys { it in floorNames } }
                .filterNot { (_, said) -> said.isEmpty() || said == newest }
                .shouldBe(emptyList())
        }

        test("every jar on the class path has the version that the pom names: nothing was downgraded on the way") {
            val manifests = VersionsTest::class.java.classLoader.getResources("META-INF/MANIFEST.MF").toList().map { it.path }
            val wanted = families.keys.associateWith { System.getProperty(it).orEmpty() }
            wanted shouldBe Pom.at("checks/pom.xml").properties.filterKeys { it in floorNames }
            misfits(manifests, wanted) shouldBe emptyList()
        }

        test("a jar of an older version is noticed, and so is a family that isn't there") {
            val wanted = families.keys.associateWith { "1.2.0" }
            val paths = listOf("kotlin-stdlib", "kotlinx-coroutines-core-jvm", "kotlinx-serialization-json-jvm", "kotlinx-io-core-jvm")
                .map { "file:/m/$it/1.2.0/$it-1.2.0.jar!/META-INF/MANIFEST.MF" }
            val ktor = "file:/m/ktor-io-jvm/1.1.9/ktor-io-jvm-1.1.9.jar!/META-INF/MANIFEST.MF"
            misfits(paths, wanted) shouldContainExactly listOf("no jar of ktor.version")
            misfits(paths + ktor, wanted) shouldContainExactly listOf("ktor-io-jvm 1.1.9, not 1.2.0")
        }

        test("a pom is read: its version, properties, managed entries and profiles") {
            val entry = "<dependency><groupId>g</groupId><artifactId>a</artifactId><version>1</version><scope>import</scope></dependency>"
            val pom = Pom(
                "<project><version>1</version><properties><a>2</a></properties>" +
                    "<dependencyManagement><dependencies>$entry</dependencies></dependencyManagement>" +
                    "<profiles><profile><id>p</id><properties><a>3</a></properties></profile></profiles></project>",
            )
            pom.version shouldBe "1"
            pom.properties shouldBe mapOf("a" to "2")
            pom.managed shouldBe setOf("a:g:1")
            pom.profile("p") shouldBe mapOf("a" to "3")
            Pom("<project/>").version shouldNotBe "1"
        }
    })
