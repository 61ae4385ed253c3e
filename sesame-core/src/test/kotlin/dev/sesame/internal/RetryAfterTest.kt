package dev.sesame.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.ranges.shouldBeIn
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.string
import io.kotest.property.checkAll
import java.time.Instant
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private val now = Instant.parse("2026-11-20T12:00:00Z")

class RetryAfterTest :
    FunSpec({
        listOf(
            "0" to Duration.ZERO,
            "7" to 7.seconds,
            " 7 " to 7.seconds,
            "0.25" to 250.milliseconds,
            "-5" to Duration.ZERO,
            "-1e308" to Duration.ZERO,
            "60" to 60.seconds,
            "61" to 60.seconds,
            "1e9" to 60.seconds,
            "1e308" to 60.seconds,
            "Fri, 20 Nov 2026 12:00:30 GMT" to 30.seconds,
            "Fri, 20 Nov 2026 12:00:00 GMT" to Duration.ZERO,
            "Wed, 21 Oct 2015 07:28:00 GMT" to Duration.ZERO,
            "Fri, 31 Dec 9999 23:59:59 GMT" to 60.seconds,
        ).forEach { (text, delay) ->
            test("'$text' asks for $delay") {
                RetryAfter.parse(text, now) shouldBe delay
            }
        }

        listOf(
            "",
            " ",
            "soon",
            "5 s",
            "1e999",
            "NaN",
            "Infinity",
            "Fri, 99 Nov 2026 12:00:00 GMT",
            "2026-11-20T12:00:30Z",
        ).forEach { text ->
            test("'$text' asks for nothing that can be read") {
                RetryAfter.parse(text, now).shouldBeNull()
            }
        }

        test("whatever it says, it is read as nothing or as 0 to 60 s") {
            checkAll(Arb.string()) { text ->
                (RetryAfter.parse(text, now) ?: Duration.ZERO) shouldBeIn Duration.ZERO..60.seconds
            }
        }
    })
