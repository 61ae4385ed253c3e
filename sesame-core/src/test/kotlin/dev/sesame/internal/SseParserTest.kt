package dev.sesame.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll

class SseParserTest :
    FunSpec({
        test("comments, unknown fields and events without data are passed over; ids last; several data lines are one text") {
            parse(": hello\n\nid: 1\nevent: ready\ndata: {}\n\ndata: a\ndata: b\nretry: 5\n\nid: 3\n\ndata\n\n") shouldContainExactly
                listOf("1/ready/{}", "1//a\nb", "3//")
        }

        test("lines may end in LF, CR or both") {
            parse("id: 1\r\ndata: x\r\n\r\nid: 2\rdata: y\r\r") shouldContainExactly listOf("1//x", "2//y")
        }

        test("the pieces in which bytes come make no difference, even within a character") {
            val text = "id: ä1\r\nevent: decision\r\ndata: {\"summary\":\"Größe 🚪\"}\r\n\r\n: still here\n\ndata: end\n\n"
            val whole = parse(text)
            checkAll(200, Arb.list(Arb.int(1..9), 1..80)) { sizes -> parse(text, sizes) shouldContainExactly whole }
        }

        test("an event beyond the limit ends the trust in the stream") {
            val parser = SseParser(largest = 100) {}
            val bytes = ("data: " + "x".repeat(200)).toByteArray()
            parser.feed(bytes, bytes.size) shouldBe false
        }
    })

private suspend fun parse(text: String, sizes: List<Int> = listOf(1_000)): List<String> {
    val found = mutableListOf<String>()
    val parser = SseParser(largest = 10_000) { found += "${it.id}/${it.name}/${it.text}" }
    var rest = text.toByteArray()
    var turn = 0
    while (rest.isNotEmpty()) {
        val piece = rest.copyOf(minOf(sizes[turn++ % sizes.size], rest.size))
        parser.feed(piece, piece.size) shouldBe true
        rest = rest.copyOfRange(piece.size, rest.size)
    }
    return found
}
