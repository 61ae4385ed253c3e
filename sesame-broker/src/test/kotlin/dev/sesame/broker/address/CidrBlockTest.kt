package dev.sesame.broker.address

import dev.sesame.broker.egress.address
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.property.Arb
import io.kotest.property.arbitrary.byte
import io.kotest.property.arbitrary.byteArray
import io.kotest.property.arbitrary.constant
import io.kotest.property.arbitrary.int
import io.kotest.property.checkAll
import java.math.BigInteger
import java.net.InetAddress

class CidrBlockTest :
    FunSpec({
        test("a list is read: blocks of both kinds, single addresses, spaces and empty parts") {
            val blocks = CidrBlock.list(" 127.0.0.0/8, ::1/128 ,10.1.2.3,, fd00::/8,[fe80::1]")
            blocks.size shouldBe 5
            fun inSome(text: String) = blocks.any { address(text) in it }
            listOf("127.9.9.9", "::1", "10.1.2.3", "fdff::1", "fe80::1").forEach { withClue(it) { inSome(it) shouldBe true } }
            listOf("126.0.0.1", "::2", "10.1.2.4", "fe00::1", "fe80::2").forEach { withClue(it) { inSome(it) shouldBe false } }
            CidrBlock.list("").size shouldBe 0
        }

        test("what is no block is refused in one line that shows it") {
            val bad = "10.0.0.0/33 ::/129 10.0.0.0/ 10.0.0.0/-1 10.0.0.0/a 10.0.0.0/8/8 10.0.0/8 10/8 localhost example.com/8 " +
                "0x7f.0.0.1/8 010.0.0.0/8 1.2.3.4.5 fe80::1%eth0 ::ffff:10.0.0.0/104 10.0.0.0;10.1.0.0 * " + "a".repeat(500)
            bad.split(' ').forEach {
                withClue(it) {
                    val line = shouldThrow<IllegalArgumentException> { CidrBlock.list("127.0.0.0/8,$it") }.message!!
                    line shouldContain it.take(60)
                    line shouldNotContain "\n"
                }
            }
        }

        test("bits after the prefix are refused: it could be meant either way") {
            shouldThrow<IllegalArgumentException> { CidrBlock.of("10.1.2.3/8") }.message shouldBe
                "\"10.1.2.3/8\" is no CIDR block: bits after the first 8 are set; for that address alone write /32"
        }

        test("a block holds those whose first bits are its own, and no others") {
            val sixteen = Arb.byteArray(Arb.constant(16), Arb.byte())
            checkAll(1_000, sixteen, sixteen, Arb.int(0..128), Arb.int(0..128)) { some, other, bits, common ->
                val mask = BigInteger.ONE.shiftLeft(128) - BigInteger.ONE
                fun head(bytes: ByteArray, count: Int) = BigInteger(1, bytes).and(mask.shiftRight(128 - count).shiftLeft(128 - count))
                fun bytes(number: BigInteger) = number.toByteArray().takeLast(16).let { tail -> ByteArray(16 - tail.size) + tail }
                // The first ones in common, so that both answers come up.
                val called = bytes(head(some, common).or(BigInteger(1, other).and(mask.shiftRight(common))))
                val network = InetAddress.getByAddress(bytes(head(some, bits)))
                if (network.address.size == 16 && !isMapped(called)) {
                    val block = CidrBlock.of("${network.hostAddress}/$bits")
                    (InetAddress.getByAddress(called) in block) shouldBe (head(called, bits) == head(some, bits))
                }
            }
        }
    })

private fun isMapped(bytes: ByteArray) = InetAddress.getByAddress(bytes).address.size == 4
