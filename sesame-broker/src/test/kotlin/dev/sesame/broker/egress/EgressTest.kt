package dev.sesame.broker.egress

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.InetSocketAddress

class EgressTest :
    FunSpec({
        fun refusal(address: String, egress: Egress = Egress(), isSecure: Boolean = true) = egress.refusal(address(address), 443, isSecure)

        test("each block is refused from its first address to its last, and what is beside it is not") {
            val beside =
                """
                9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15 168.63.129.17
                169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.3.0 192.88.98.255
                192.88.100.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255
                203.0.114.0 223.255.255.255 1.0.0.0 8.8.8.8 2001:200:: 2001:db7:ffff:: 2001:db9:: 2003:: 2000::1
                2606:4700::1111 3ffe:ffff:: 3fff:1000:: 2a00::1
                """
            beside.words().forEach { withClue(it) { refusal(it).shouldBeNull() } }
            val edges =
                """
                0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.0 127.255.255.255
                168.63.129.16 169.254.0.0 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.0
                192.0.2.255 192.88.99.0 192.88.99.255 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.0
                198.51.100.255 203.0.113.0 203.0.113.255 224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.255 :: ::1
                ::ffff:10.0.0.1 ::2:3 ::ffff:0:0 64:ff9b:: 64:ff9b::ffff:ffff 64:ff9b:1:: 64:ff9b:1:ffff:: 100:: 100::1:0:0:0
                2001:: 2001:1ff:ffff:: 2001:db8:: 2001:db8:ffff:: 2002:: 2002:ffff:: 3fff:: 3fff:fff:: 5f00:: 5f00:ffff::
                fc00:: fdff:ffff:: fe80:: febf:ffff:: fec0:: feff:: ff00:: ffff:: 4000:: 1fff:: 200::
                """
            edges.words().forEach { withClue(it) { refusal(it).shouldNotBeNull() } }
        }

        test("a refusal names the address and what it is") {
            refusal("169.254.169.254") shouldBe "169.254.169.254 is no public address (link-local, where clouds keep credentials)"
            refusal("::1").shouldNotBeNull() shouldContain "(loopback)"
        }

        test("what is allowed may be called, and nothing beside it") {
            val egress = allowing("10.1.0.0/16", "fd00:1::/32")
            refusal("10.1.255.255", egress).shouldBeNull()
            refusal("10.2.0.0", egress).shouldNotBeNull()
            refusal("fd00:1:ffff::", egress).shouldBeNull()
            refusal("fd00:2::", egress).shouldNotBeNull()
            refusal("::ffff:10.1.2.3", egress).shouldBeNull() // the JDK's name for 10.1.2.3
        }

        test("plain http goes to allowed addresses alone, not to public ones") {
            val egress = allowing("10.0.0.0/8")
            refusal("10.0.0.1", egress, isSecure = false).shouldBeNull()
            refusal("8.8.8.8", egress, isSecure = false) shouldBe
                "plain http goes only to addresses in SESAME_WEBHOOK_ALLOW, and 8.8.8.8 is not"
            refusal("8.8.8.8", egress).shouldBeNull()
        }

        test("the broker's own port is its own at the address it listens at, or at all of the machine's") {
            fun own(listening: String, called: String, port: Int = 8700) =
                OwnAddresses(InetSocketAddress(address(listening), 8700)) { setOf(address("192.168.1.7"), address("2001:db8::7")) }
                    .invoke(InetSocketAddress(address(called), port))
            own("127.0.0.1", "127.0.0.1") shouldBe true
            own("127.0.0.1", "0.0.0.0") shouldBe true
            own("127.0.0.1", "127.0.0.1", port = 8701) shouldBe false
            own("127.0.0.1", "192.168.1.7") shouldBe false
            own("192.168.1.7", "192.168.1.7") shouldBe true
            listOf("0.0.0.0", "::").forEach { all ->
                "127.0.0.1 127.9.9.9 ::1 192.168.1.7 2001:db8::7 0.0.0.0 ::".words().forEach { own(all, it) shouldBe true }
                own(all, "192.168.1.8") shouldBe false
                own(all, "192.168.1.7", port = 443) shouldBe false
            }
        }

        test("this machine's own addresses are found where the broker listens at all of them") {
            val own = OwnAddresses(InetSocketAddress("0.0.0.0", 8700))
            own(InetSocketAddress("127.0.0.1", 8700)) shouldBe true
            own(InetSocketAddress("8.8.8.8", 8700)) shouldBe false
        }
    })

private fun String.words() = trim().split(Regex("\\s+"))
