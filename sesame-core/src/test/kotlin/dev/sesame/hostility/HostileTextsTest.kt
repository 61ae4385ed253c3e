package dev.sesame.hostility

import dev.sesame.hostile.Cases
import dev.sesame.hostile.anyJson
import dev.sesame.hostile.anyText
import dev.sesame.hostile.spoiled
import dev.sesame.hostile.spoiledJson
import dev.sesame.internal.CanonicalJson
import dev.sesame.internal.CanonicalNumber
import dev.sesame.internal.InstantText
import dev.sesame.internal.JsonDepth
import dev.sesame.internal.NotCanonical
import dev.sesame.internal.RetryAfter
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThanOrEqualTo
import io.kotest.matchers.shouldBe
import java.time.Instant
import kotlin.random.Random
import kotlin.time.Duration.Companion.seconds

/** The small texts that come from elsewhere. */
class HostileTextsTest :
    FunSpec({
        val now = Instant.parse("2026-11-20T12:00:00Z")

        fun texts(vararg honest: String): (Random) -> String = { if (it.nextInt(4) == 0) it.anyText() else it.spoiled(honest.random(it)) }

        test("Retry-After is nothing, or 0 to 60 s") {
            Cases(3_000).each(texts("5", "0.5", "Fri, 20 Nov 2026 12:00:07 GMT")) { text ->
                RetryAfter.parse(text, now)?.let {
                    it shouldBeLessThanOrEqualTo 60.seconds
                    it.isNegative() shouldBe false
                }
            }
        }

        test("a time is none, or one that is written and read again as the same") {
            Cases(3_000).each(texts("2026-11-20T12:00:00Z", "2026-11-20T13:00:00.123456789+01:00")) { text ->
                InstantText.parse(text)?.let { InstantText.parse("$it") shouldBe it }
            }
        }

        test("a number is refused, or has one form, which is read as itself") {
            Cases(5_000).each(texts("0", "-12.5e3", "1e21", "5e-324", "1.7976931348623157e308", "9007199254740991")) { text ->
                CanonicalNumber.of(text)?.let { CanonicalNumber.of(it) shouldBe it }
            }
        }

        test("JSON is refused, or has one canonical form, which is read as itself") {
            val document = """{"b":[1,2.50,{"ä":"x\n\u20ac"}],"a":null,"\u0041":true,"n":-0.0}"""
            Cases(5_000).each({ if (it.nextInt(4) == 0) it.anyJson() else it.spoiledJson(document) }) { text ->
                val form = JsonDepth.read(text)?.let {
                    try {
                        CanonicalJson.of(it)
                    } catch (_: NotCanonical) {
                        null
                    }
                }
                if (form != null) CanonicalJson.of(checkNotNull(JsonDepth.read(form))) shouldBe form
            }
        }
    })
