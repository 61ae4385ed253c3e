package dev.sesame.testing

import dev.sesame.ReceiptKeys
import dev.sesame.ReceiptVerificationException
import dev.sesame.ReceiptVerifier
import dev.sesame.SesameConfig
import dev.sesame.context
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.put
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers

/** A program that runs nothing without a receipt, and what its own tests need for that. */
class ReceiptsTest :
    FunSpec({
        fun SesameConfig.strict(broker: FakeBroker) {
            requireReceipt = true
            receiptKeys = broker.receiptKeys
        }

        test("a client that requires receipts runs what was approved") {
            FakeBroker().use { broker ->
                broker.approver("kim").approvesAll()
                val sesame = broker.sesame { strict(broker) }
                sesame.approve("payments.refund", context = context { put("cents", 1) }) { "ran" } shouldBe "ran"
                val id = broker.asked.single().id
                val text = sesame.receipt(id)
                sesame.receipt(id) shouldBe text
                ReceiptVerifier(broker.receiptKeys).verify(text).votes.single().by.name shouldBe "kim"
                broker.assertRanOnce(id)
            }
        }

        listOf(Receipts.MISSING, Receipts.FOREIGN, Receipts.OF_A_DENIAL).forEach { kind ->
            test("where the receipt is $kind, nothing runs; where it is genuine again, the same question does") {
                FakeBroker().use { broker ->
                    broker.approver("kim").approvesAll()
                    broker.receipts(kind)
                    val sesame = broker.sesame { strict(broker) }
                    suspend fun run() = sesame.approve("payments.refund", dedupKey = "once") { "ran" }
                    shouldThrow<ReceiptVerificationException> { run() }
                    broker.assertNeverRan(broker.asked.single().id)
                    broker.receipts(Receipts.GENUINE)
                    run() shouldBe "ran"
                }
            }
        }

        test("another broker's receipts count for nothing") {
            FakeBroker().use { other ->
                FakeBroker().use { broker ->
                    broker.approver("kim").approvesAll()
                    val sesame = broker.sesame { strict(other) }
                    shouldThrow<ReceiptVerificationException> { sesame.approve("payments.refund") { "ran" } }
                }
            }
        }

        test("webhooks carry it, and over a port its keys and the receipt are where a real broker has them") {
            FakeBroker().use { broker ->
                broker.approver("kim").deniesAll()
                val id = broker.sesame().trigger("payments.refund", callbackUrl = "https://shop.example/decisions").id
                fun get(path: String) = HttpClient.newHttpClient().send(
                    HttpRequest.newBuilder(URI(broker.serve() + path)).header("Authorization", "Bearer ${broker.apiKey}").build(),
                    BodyHandlers.ofString(),
                )
                val verifier = ReceiptVerifier(ReceiptKeys.fromJwks(get("/.well-known/jwks.json").body()))
                val text = Regex(""""receipt":"([^"]+)"""").find(get("/v1/approvals/$id/receipt").body())!!.groupValues[1]
                verifier.verify(text).status.value shouldBe "denied"
                withClue("in the webhook") { (text in String(broker.webhooks.single().body)) shouldBe true }
                broker.receipts(Receipts.MISSING)
                get("/v1/approvals/$id/receipt").statusCode() shouldBe 404
                withClue("in the webhook") { ("receipt" in String(broker.webhooks.single().body)) shouldBe false }
            }
        }

        test("what is pending has none") {
            FakeBroker().use { broker ->
                val pending = broker.sesame().trigger("payments.refund")
                shouldThrow<dev.sesame.SesameException> { broker.sesame().receipt(pending.id) }
            }
        }
    })
