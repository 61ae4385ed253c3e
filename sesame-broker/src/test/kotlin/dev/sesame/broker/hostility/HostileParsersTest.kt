package dev.sesame.broker.hostility

import dev.sesame.broker.access.Ids
import dev.sesame.broker.approval.EventCursor
import dev.sesame.broker.egress.Egress
import dev.sesame.broker.egress.RetryAfter
import dev.sesame.broker.egress.Target
import dev.sesame.broker.http.Cursor
import dev.sesame.broker.notice.push.BadSubscription
import dev.sesame.broker.notice.push.ReadSubscription
import dev.sesame.broker.notice.push.UserAgent
import dev.sesame.broker.notice.telegram.Update
import dev.sesame.broker.text.NotJson
import dev.sesame.broker.text.StrictJson
import dev.sesame.hostile.Cases
import dev.sesame.hostile.anyText
import dev.sesame.hostile.spoiled
import dev.sesame.hostile.spoiledJson
import dev.sesame.internal.JsonDepth
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonObject
import java.net.URI
import java.time.Instant
import java.time.InstantSource
import kotlin.random.Random

private const val ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa"

/** The smaller things that come from outside, each read by a parser of our own. */
class HostileParsersTest :
    FunSpec({
        val now = Instant.parse("2026-11-20T12:00:00Z")

        fun of(vararg honest: String): (Random) -> String = { if (it.nextInt(5) == 0) it.anyText() else it.spoiled(honest.random(it)) }

        test("a list's cursor is none of ours, or one that is written again as a place with the same meaning") {
            val honest = Cursor.of(now, ID)
            Cursor.position(honest, Ids::isApproval).shouldNotBeNull()
            Cases(3_000).each(of(honest)) { text ->
                Cursor.position(text, Ids::isApproval)?.let { Cursor.position(Cursor.of(it.createdAt, it.id), Ids::isApproval) shouldBe it }
            }
        }

        test("a stream's cursor is another's, of another epoch, too old, or leads to a place") {
            val cursors = EventCursor("ep", InstantSource.fixed(now))
            val honest = cursors.of(12, "pe_1")
            cursors.seqOf(honest, "pe_1") shouldBe 12
            cursors.seqOf(honest, "pe_2").shouldBeNull()
            Cases(3_000).each(of(honest)) { cursors.seqOf(it, "pe_1") }
        }

        test("Retry-After is none, or a time that isn't negative") {
            val dates = of("120", "Fri, 20 Nov 2026 12:00:07 GMT", "Friday, 20-Nov-26 12:00:07 GMT", "Fri Nov 20 12:00:07 2026")
            Cases(3_000).each(dates) { text ->
                RetryAfter.parse(text, now)?.let { it.isNegative() shouldBe false }
            }
        }

        test("a webhook's address is refused in words, or leads to a host with a name, over TLS") {
            val urls = of("https://hooks.example.com:8443/a?b=c#d", "https://127.0.0.1/", "https://[::1]/", "https://a@b.example/")
            Cases(4_000).each(urls) { url ->
                if (Target.problem(url, Egress()) == null) {
                    URI(url).scheme.lowercase() shouldBe "https"
                    Target.of(url, Egress()).address.shouldBeNull()
                }
            }
        }

        test("a browser's subscription is taken as it is, or its field is named") {
            val agent = UserAgent.at("https://push.example")
            val reading = ReadSubscription { if (it.startsWith("https://push.example/")) null else "is elsewhere" }
            Cases(3_000).each({ random ->
                List(3) { at ->
                    listOf(agent.endpoint, agent.p256dh, agent.auth)[at].let { if (random.nextInt(2) == 0) random.spoiled(it) else it }
                }
            }) { (endpoint, p256dh, auth) ->
                try {
                    val taken = reading.read(endpoint, p256dh, auth)
                    taken.endpoint shouldStartWith "https://push.example/"
                    UserAgent.bytes(taken.p256dh).size shouldBe 65
                    UserAgent.bytes(taken.auth).size shouldBe 16
                } catch (bad: BadSubscription) {
                    bad.message!!.substringBefore(' ') shouldBeIn setOf("endpoint", "p256dh", "auth")
                }
            }
        }

        test("an update of Telegram's is one of a person in private, or none to look at") {
            val from = """{"id":7,"is_bot":false,"first_name":"Kim"}"""
            val message = """{"message_id":5,"from":$from,"chat":{"id":7,"type":"private"},"text":"/start abc"}"""
            val updates = listOf(
                """{"update_id":1,"message":$message}""",
                """{"update_id":2,"callback_query":{"id":"x","from":$from,"message":$message,"data":"abc"}}""",
            )
            Cases(4_000).each({ it.spoiledJson(updates.random(it)) }) { text ->
                val json = JsonDepth.read(text) as? JsonObject
                if (json != null) {
                    Update.idOf(json)
                    Update.of(json)?.let { it.account.toLong() shouldBeGreaterThan 0 }
                }
            }
        }

        test("strict JSON is read, or refused as none; and what is read is read again as the same") {
            val document = """{"action":"a","context":{"n":1.50,"s":"é\u20ac","l":[null,true,{}]}}"""
            val spoil: (Random) -> ByteArray =
                { if (it.nextInt(4) == 0) it.spoiled(document.toByteArray()) else it.spoiledJson(document).toByteArray() }
            Cases(5_000).each(spoil) { bytes ->
                // Half of a surrogate pair has no bytes of its own, and is refused by whoever keeps the text.
                read(bytes)?.takeIf { Charsets.UTF_8.newEncoder().canEncode(it) }?.let { read(it.toByteArray()) shouldBe it }
            }
        }
    })

private fun read(bytes: ByteArray): String? = try {
    "${StrictJson.parse(bytes)}"
} catch (_: NotJson) {
    null
} catch (_: SerializationException) {
    null
} catch (_: CharacterCodingException) {
    null
}
