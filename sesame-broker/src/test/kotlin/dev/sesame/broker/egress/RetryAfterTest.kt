package dev.sesame.broker.egress

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Instant
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class RetryAfterTest :
    FunSpec({
        val now = Instant.parse("1994-11-06T08:49:30.250Z")

        test("each form is read, and what can't be is none") {
            mapOf(
                "0" to Duration.ZERO,
                "1" to 1.seconds,
                "120" to 120.seconds,
                " 120 " to 120.seconds,
                "007" to 7.seconds,
                "86400" to 1.days,
                "1000000000000" to 1_000_000_000_000.seconds,
                "9".repeat(400) to Duration.INFINITE,
                "Sun, 06 Nov 1994 08:49:37 GMT" to 6_750.milliseconds,
                "Sun Nov  6 08:49:37 1994" to 6_750.milliseconds,
                "Sun Nov  6 10:49:30 1994" to 2.hours - 250.milliseconds,
                "Sun, 06 Nov 1994 08:49:30 GMT" to Duration.ZERO,
                "Sun, 06 Nov 1994 07:00:00 GMT" to Duration.ZERO,
                "Thu, 01 Jan 1970 00:00:00 GMT" to Duration.ZERO,
                "-1" to null,
                "+1" to null,
                "1.5" to null,
                "1e3" to null,
                "0x10" to null,
                "" to null,
                " " to null,
                "soon" to null,
                "120 s" to null,
                "1, 2" to null,
                "١٢٠" to null,
                "NaN" to null,
                "Infinity" to null,
                "Mon, 06 Nov 1994 08:49:37 GMT" to null, // it was a Sunday
                "Sun, 31 Feb 1994 08:49:37 GMT" to null,
                "1994-11-06T08:49:37Z" to null,
            ).forEach { (text, wait) ->
                withClue(text) { RetryAfter.parse(text, now) shouldBe wait }
            }
        }

        test("a year of two digits is one of this century") {
            RetryAfter.parse("Friday, 06-Nov-26 08:49:37 GMT", Instant.parse("2026-11-06T08:49:30Z")) shouldBe 7.seconds
        }
    })
