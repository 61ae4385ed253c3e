package dev.sesame.ktor.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.seconds

class LocationTest :
    FunSpec({
        mapOf(
            "/deploy/web" to "/deploy/web?approval=ap_1",
            "/deploy/web?" to "/deploy/web?approval=ap_1",
            "/deploy/web?a=1&a=2&b" to "/deploy/web?a=1&a=2&b&approval=ap_1",
            "/deploy/web?approval=&a=1" to "/deploy/web?a=1&approval=ap_1",
            "/deploy/%2F%20?a=%26" to "/deploy/%2F%20?a=%26&approval=ap_1",
            "//evil.example/deploy" to "/evil.example/deploy?approval=ap_1",
            "///evil.example/deploy" to "/evil.example/deploy?approval=ap_1",
        ).forEach { (uri, location) ->
            test("a request of $uri goes on at $location") { locationOf(uri, "ap_1") shouldBe location }
        }

        mapOf(
            listOf("wait=25") to 25.seconds,
            listOf("respond-async, wait=10") to 10.seconds,
            listOf("respond-async", "WAIT = \"5\"; because=x") to 5.seconds,
            listOf("wait=1, wait=2") to 1.seconds,
            listOf("wait=") to null,
            listOf("wait=-1") to null,
            listOf("wait=1.5") to null,
            listOf("wait=999999999999") to null,
            listOf("waiting=1") to null,
            emptyList<String>() to null,
        ).forEach { (headers, wait) ->
            test("a preference of $headers is to wait $wait") { preferredWait(headers) shouldBe wait }
        }
    })
