package dev.sesame.broker.access

import dev.sesame.broker.BrokerConfig
import dev.sesame.broker.store.random
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldHaveLength
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain

class SecretTest :
    FunSpec({
        test("a secret never prints itself, alone, in a text, or within what holds it") {
            val secret = Secret.make(Secret.LIVE_KEY, random)
            val held = BrokerConfig(bootstrapApiKey = secret, bootstrapApproverToken = secret)
            listOf(secret.toString(), "$secret", "${listOf(secret)}", "$held", "${mapOf("key" to secret)}").forEach {
                it shouldNotContain secret.clear
                it shouldNotContain secret.clear.removePrefix(Secret.LIVE_KEY).dropLast(4)
            }
        }

        test("it is its prefix and 256 random bits") {
            Secret.make("at_", random).clear shouldMatch "at_[A-Za-z0-9_-]{43}"
            Secret.make("x", { size -> ByteArray(size).also { size shouldBe 32 } }).clear shouldBe "x" + "A".repeat(43)
            List(100) { Secret.make("", random).clear }.toSet().size shouldBe 100
        }

        test("its hash is SHA-256 in hex, and the last four characters are its own") {
            val secret = Secret("abc")
            secret.hash shouldBe "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            secret.hash shouldHaveLength 64
            Secret("sk_live_abcdef").lastFour shouldBe "cdef"
        }
    })
