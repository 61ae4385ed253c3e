package dev.sesame.broker.notice.push

import com.interaso.webpush.VapidKeys
import com.interaso.webpush.WebPush
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import javax.crypto.AEADBadTagException

/** What reads messages in these tests reads the RFC's own example; and what the broker sends is read by the same. */
class Rfc8291Test :
    FunSpec({
        val example = UserAgent.of(
            privateKey = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
            publicKey = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            auth = "BTBZMqHH6r4Tts7J_aSIgg",
        )

        test("the example of section 5 is read") {
            val body =
                "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_" +
                    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
            String(example.decrypt(UserAgent.bytes(body))) shouldBe "When I grow up, I want to be a watermelon"
        }

        test("what is encrypted for the example's keys, small or as large as it may be, is read by them and by no others") {
            val webPush = WebPush(PushBroker.CONTACT, VapidKeys.generate())
            listOf(1, PushMessage.MOST_BYTES).forEach { size ->
                val text = ByteArray(size) { 'x'.code.toByte() }
                val body = webPush.getBody(text, UserAgent.bytes(example.p256dh), UserAgent.bytes(example.auth))
                example.decrypt(body) shouldBe text
                (body.size <= 4_096) shouldBe true
                shouldThrow<AEADBadTagException> { UserAgent.at("https://push.example").decrypt(body) }
            }
        }
    })
