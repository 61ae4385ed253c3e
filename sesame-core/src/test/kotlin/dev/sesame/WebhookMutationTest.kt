package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.property.Arb
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.checkAll
import kotlin.random.Random

/** A byte changed, taken away, put in, doubled, or swapped with another one. */
private fun Random.mutate(bytes: ByteArray): ByteArray {
    if (bytes.isEmpty()) return nextBytes(1)
    val at = nextInt(bytes.size)
    val (head, rest) = bytes.copyOfRange(0, at) to bytes.copyOfRange(at, bytes.size)
    return when (nextInt(6)) {
        0 -> bytes.copyOf().also { it[at] = (it[at].toInt() xor (1 shl nextInt(8))).toByte() }
        1 -> head + rest.drop(1)
        2 -> head + nextBytes(1) + rest
        3 -> head + rest.take(1) + rest
        4 -> head
        else -> bytes.copyOf().also { it[at] = it[nextInt(it.size)] }
    }
}

private fun Random.mutate(text: String): String = mutate(text.toByteArray(Charsets.ISO_8859_1)).toString(Charsets.ISO_8859_1)

private fun Random.mutate(arrival: Arrival): Arrival {
    if (arrival.headers.isEmpty()) return Arrival(mutate(arrival.body), arrival.headers)
    val (name, values) = arrival.headers.entries.random(this)
    val (other, others) = arrival.headers.entries.random(this)
    return when (nextInt(8)) {
        0, 1, 2 -> Arrival(mutate(arrival.body), arrival.headers)
        3, 4 -> arrival.with(name, *values.map { mutate(it) }.toTypedArray())
        5 -> arrival.without(name)
        6 -> arrival.with(name, *(values + values).toTypedArray())
        else -> arrival.with(name, *others.toTypedArray()).with(other, *values.toTypedArray())
    }
}

private fun Arrival.isSame(other: Arrival) = body.contentEquals(other.body) && headers == other.headers

/** One to four mutations of an honest webhook; never the honest one. */
private fun mutated(honest: Arrival): Arb<Arrival> = arbitrary { source ->
    val random = source.random
    generateSequence { (1..random.nextInt(1, 5)).fold(honest) { last, _ -> random.mutate(last) } }.take(100).first { !it.isSame(honest) }
}

private val bodyAlone = WebhookShape("X-Hub-Signature-256", WebhookEncoding.BASE64, prefix = "sha256=")

class WebhookMutationTest :
    FunSpec({
        for (shape in listOf(WebhookShape.STANDARD, bodyAlone)) {
            test("of webhooks that were altered at random none passes, and none does anything but be refused: ${shape.signatureHeader}") {
                val verifier = WebhookVerifier(listOf(otherSecret, secret), shape, clock = clockAt())
                checkAll(20_000, mutated(arrival(signer = WebhookSigner(secret, shape)))) { altered ->
                    withClue("${altered.headers} ${String(altered.body)}") {
                        shouldThrow<WebhookVerificationException> { altered.verified(verifier) }
                    }
                }
            }
        }
    })
