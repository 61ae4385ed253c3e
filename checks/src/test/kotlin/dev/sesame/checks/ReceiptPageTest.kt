package dev.sesame.checks

import dev.sesame.ReceiptVerificationException
import dev.sesame.contextOf
import dev.sesame.java.ApprovalRequest
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import java.net.URI
import java.nio.file.Files
import java.nio.file.Path

/** The page's code against a real broker: what it signed is believed, and what another one signed runs nothing. */
class ReceiptPageTest :
    FunSpec({
        val rig = Rig()
        afterSpec { rig.close() }

        fun keysOf(broker: BrokerProcess): Path = Files.createTempFile("jwks", ".json").also {
            Files.writeString(it, URI("${broker.address}/.well-known/jwks.json").toURL().readText())
        }

        test("a strict client runs what was approved and signed, and the receipt proves it afterwards, in Kotlin and in Java") {
            val jwks = keysOf(rig.broker)
            strictClient(rig.broker.apiKey, rig.broker.address, jwks).use { sesame ->
                val running = async { sesame.approve("receipt.kotlin", context = contextOf(Payment("ana", 42))) { it.id } }
                val asked = rig.pending("receipt.kotlin").also { rig.person.approve(it.id) }
                val text = sesame.receipt(running.await())
                val receipt = verifyExample(jwks, text)
                receipt.contextHash shouldBe asked.contextHash
                JavaReceiptPage.verify(jwks, text).votes.single().via shouldBe "api"
            }
        }

        test("with the keys of another broker nothing runs") {
            Rig().use { other ->
                val jwks = keysOf(other.broker)
                var ran = false
                strictClient(rig.broker.apiKey, rig.broker.address, jwks).use { sesame ->
                    val running = async { shouldThrow<ReceiptVerificationException> { sesame.approve("receipt.foreign") { ran = true } } }
                    rig.person.approve(rig.pending("receipt.foreign").id)
                    running.await()
                }
                JavaReceiptPage.strictClient(rig.broker.apiKey, rig.broker.address, jwks).use { sesame ->
                    val running = async(Dispatchers.IO) {
                        shouldThrow<ReceiptVerificationException> {
                            sesame.approve<Unit, RuntimeException>(ApprovalRequest.builder("receipt.java").build()) { ran = true }
                        }
                    }
                    rig.person.approve(rig.pending("receipt.java").id)
                    running.await()
                }
                ran shouldBe false
            }
        }
    })
