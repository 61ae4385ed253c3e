package dev.sesame.broker.address

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class TrustedProxiesTest :
    FunSpec({
        val proxies = TrustedProxies.of("127.0.0.1, 10.0.0.0/8, fd00::/8")

        test("who isn't one of them is believed nothing") {
            proxies.visitor("203.0.113.9", listOf("198.51.100.1")) shouldBe "203.0.113.9"
            TrustedProxies.NONE.visitor("127.0.0.1", listOf("198.51.100.1")) shouldBe "127.0.0.1"
        }

        test("a proxy tells whose call it passes on, by the last address it was given or saw") {
            proxies.visitor("127.0.0.1", listOf("198.51.100.1")) shouldBe "198.51.100.1"
            proxies.visitor("fd00:0:0:0:0:0:0:1", listOf("2001:db8::7")) shouldBe "2001:db8:0:0:0:0:0:7"
        }

        test("what the visitor wrote before the proxy did counts for nothing, in one header or in several") {
            proxies.visitor("127.0.0.1", listOf("192.0.2.66, 198.51.100.1")) shouldBe "198.51.100.1"
            proxies.visitor("127.0.0.1", listOf("192.0.2.66", "192.0.2.67 ,198.51.100.1")) shouldBe "198.51.100.1"
        }

        test("behind several proxies the visitor is whom the outermost of them saw") {
            proxies.visitor("127.0.0.1", listOf("192.0.2.66, 198.51.100.1, 10.1.2.3")) shouldBe "198.51.100.1"
        }

        test("an address may come with a port, or as IPv6 though it is IPv4") {
            proxies.visitor("127.0.0.1", listOf("198.51.100.1:50123")) shouldBe "198.51.100.1"
            proxies.visitor("127.0.0.1", listOf("[2001:db8::7]:443")) shouldBe "2001:db8:0:0:0:0:0:7"
            proxies.visitor("127.0.0.1", listOf("::ffff:198.51.100.1")) shouldBe "198.51.100.1"
        }

        test("who has a network of IPv6 is one visitor") {
            networkOf("198.51.100.1") shouldBe "198.51.100.1"
            networkOf("2001:db8:1:2::7") shouldBe networkOf("2001:db8:1:2:ffff::1")
            networkOf("2001:db8:1:2::7") shouldBe "20010db800010002/64"
            networkOf("fe80:0:0:0:0:0:0:1%eth0") shouldBe "fe80000000000000/64"
        }

        test("without a word, or with one that is no address, it is the nearest that is known") {
            proxies.visitor("127.0.0.1", emptyList()) shouldBe "127.0.0.1"
            proxies.visitor("127.0.0.1", listOf("")) shouldBe "127.0.0.1"
            proxies.visitor("127.0.0.1", listOf("198.51.100.1, unknown, 10.1.2.3")) shouldBe "10.1.2.3"
            proxies.visitor("127.0.0.1", listOf("10.1.2.3")) shouldBe "10.1.2.3"
        }
    })
