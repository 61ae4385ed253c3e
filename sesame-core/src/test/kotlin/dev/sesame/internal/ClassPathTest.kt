package dev.sesame.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class ClassPathTest :
    FunSpec({
        test("on this class path, every library that is judged is found, with the version that the pom names") {
            fun pom(name: String) = System.getProperty("$name.version")
            versionsOn(ClassPathTest::class.java.classLoader) shouldBe mapOf(
                "kotlin-stdlib" to pom("kotlin-stdlib"),
                "kotlinx-coroutines-core" to pom("coroutines"),
                "kotlinx-serialization-core" to pom("serialization"),
                "ktor-client-core" to pom("ktor"),
                "ktor-http" to pom("ktor"),
                "ktor-io" to pom("ktor"),
            )
        }

        test("libraries that aren't there are left out") {
            versionsOn(ClassLoader.getPlatformClassLoader()).keys shouldBe setOf("kotlin-stdlib")
        }

        mapOf(
            "file:/m2/io/ktor/ktor-http-jvm/3.4.3/ktor-http-jvm-3.4.3.jar" to "3.4.3",
            "file:/C:/lib/ktor-http-3.4.3.jar" to "3.4.3",
            "ktor-http-jvm-3.4.3.jar" to "3.4.3",
            "file:/lib/io.ktor.ktor-http-jvm-3.5.0-eap-12.jar" to "3.5.0-eap-12",
            "jar:file:/app.jar!/BOOT-INF/lib/ktor-http-jvm-3.4.3.jar!/" to "3.4.3",
            "jar:nested:/app-1.0.jar/!BOOT-INF/lib/ktor-http-jvm-3.4.3.jar!/" to "3.4.3",
            "file:/lib/ktor-http-cio-jvm-3.4.3.jar" to null,
            "file:/lib/my-ktor-http-jvm-3.4.3.jar" to null,
            "file:/ktor-http-jvm-3.4.3.jar/all-1.0.jar" to null,
            "file:/app/classes/" to null,
            "file:/lib/ktor-http-jvm.jar" to null,
            "" to null,
        ).forEach { (location, version) ->
            test("ktor-http from '$location' is ${version ?: "of no version that is told"}") {
                versionInName("ktor-http", location) shouldBe version
            }
        }
    })
