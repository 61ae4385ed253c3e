package dev.sesame.hostility

import dev.sesame.document
import dev.sesame.hostile.Cases
import dev.sesame.hostile.anyBytes
import dev.sesame.hostile.spoiled
import dev.sesame.internal.SseParser
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.runBlocking
import kotlin.random.Random

private const val LARGEST = 4_000

private val honest =
    ": hello\n\nid: 1\nevent: ready\ndata: {}\n\nid: é\r\nevent: decision\r\ndata: ${document()}\r\n\r\ndata: a\rdata: b\r\r"

/** A stream that was spoiled on its way, and the pieces in which it comes. */
private class Stream(val bytes: ByteArray, val sizes: List<Int>) {
    override fun toString() = "${bytes.decodeToString()} in $sizes"
}

class HostileStreamTest :
    FunSpec({
        test("a stream of any bytes is read alike in whatever pieces it comes, and no event is larger than it may be") {
            Cases(2_000).each(::stream) { stream ->
                val whole = events(stream.bytes, listOf(stream.bytes.size.coerceAtLeast(1)))
                events(stream.bytes, stream.sizes) shouldBe whole
                whole.forEach { it.length shouldBeLessThanOrEqual LARGEST * 3 }
            }
        }
    })

private fun stream(random: Random) = Stream(
    if (random.nextInt(8) == 0) random.anyBytes() else random.spoiled(honest.toByteArray()),
    List(random.nextInt(1, 6)) { random.nextInt(1, 200) },
)

private fun events(bytes: ByteArray, sizes: List<Int>): List<String> = runBlocking {
    val found = mutableListOf<String>()
    val parser = SseParser(LARGEST) { found += "${it.id}/${it.name}/${it.text}" }
    var from = 0
    var turn = 0
    while (from < bytes.size) {
        val to = minOf(bytes.size, from + sizes[turn++ % sizes.size])
        val piece = bytes.copyOfRange(from, to)
        if (!parser.feed(piece, piece.size)) break
        from = to
    }
    found
}
