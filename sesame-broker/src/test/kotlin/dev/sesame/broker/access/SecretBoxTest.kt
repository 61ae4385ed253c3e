package dev.sesame.broker.access

import dev.sesame.broker.store.random
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.property.Arb
import io.kotest.property.arbitrary.byte
import io.kotest.property.arbitrary.byteArray
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.string
import io.kotest.property.checkAll
import java.util.HexFormat

class SecretBoxTest :
    FunSpec({
        val box = SecretBox(random(32), random)
        val clear = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".toByteArray()

        test("what was sealed is opened again, for whom it was sealed") {
            checkAll(200, Arb.byteArray(Arb.int(0..300), Arb.byte()), Arb.string(0..40)) { bytes, aad ->
                val sealed = box.seal(bytes, aad)
                box.open(sealed, aad) shouldBe bytes
                shouldThrow<CannotUnseal> { box.open(sealed, "$aad ") }
            }
        }

        test("the same secret is sealed otherwise each time, and never stands in clear") {
            val sealed = box.seal(clear, "ep_1")
            sealed shouldNotBe box.seal(clear, "ep_1")
            HexFormat.of().formatHex(sealed) shouldNotContain HexFormat.of().formatHex(clear.copyOf(8))
        }

        test("a key of another broker is named as that, and so is damage; the secret is not") {
            val sealed = box.seal(clear, "ep_1")
            val otherKey = shouldThrow<CannotUnseal> { SecretBox(random(32), random).open(sealed, "ep_1") }.message!!
            otherKey shouldBe "the secret of ep_1 was sealed with another key: start with the SESAME_SECRETS_KEY, " +
                "or the file secrets.key, that did it"
            shouldThrow<CannotUnseal> { box.open(sealed, "ep_2") }.message!! shouldContain "the secret of ep_2 is damaged"
        }

        test("no bit of it can be changed, and no byte left out or added, without being noticed") {
            val sealed = box.seal(clear, "ep_1")
            sealed.indices.forEach { at ->
                (0..7).forEach { bit ->
                    val changed = sealed.clone().also { it[at] = (it[at].toInt() xor (1 shl bit)).toByte() }
                    shouldThrow<CannotUnseal> { box.open(changed, "ep_1") }
                }
                shouldThrow<CannotUnseal> { box.open(sealed.copyOf(at), "ep_1") }
            }
            shouldThrow<CannotUnseal> { box.open(sealed + 0, "ep_1") }
        }

        test("a known key, nonce and text give known bytes, as another AES-GCM does: what lies on the disk stays readable") {
            val fixed = SecretBox(ByteArray(32) { it.toByte() }) { size -> ByteArray(size) { 7 } }
            val hex = HexFormat.of().formatHex(fixed.seal("secret".toByteArray(), "ep_1"))
            hex shouldBe "01f90f07860707070707070707070707077c0fc52e0a7b2b2f8821b82d91ba995e027b6ad7207d"
            fixed.open(HexFormat.of().parseHex(hex), "ep_1") shouldBe "secret".toByteArray()
        }

        test("a key of another length is refused, and the box never prints one") {
            listOf(0, 16, 31, 33).forEach { shouldThrow<IllegalArgumentException> { SecretBox(ByteArray(it), random) } }
            box.toString() shouldBe "SecretBox"
        }
    })
