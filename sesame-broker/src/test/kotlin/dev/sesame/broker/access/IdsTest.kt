package dev.sesame.broker.access

import dev.sesame.broker.store.ids
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch

class IdsTest :
    FunSpec({
        test("an id is its prefix and 26 lower-case base32 characters") {
            mapOf("ap" to ids.approval(), "rq" to ids.requester(), "key" to ids.key(), "pe" to ids.approver(), "req" to ids.request())
                .forEach { (prefix, id) -> id shouldMatch "${prefix}_[a-z2-7]{26}" }
        }

        test("what it makes it knows as an approval's, and nothing else") {
            repeat(100) { Ids.isApproval(ids.approval()) shouldBe true }
            val tail = "a".repeat(26)
            listOf(
                "", "ap_",
                "ap_${tail.drop(
                    1,
                )}",
                "ap_a$tail", "AP_$tail", "aq_$tail", tail, "ap_${tail.drop(1)}A", "ap_${tail.drop(1)}0", "ap_${tail.drop(1)}1",
            )
                .plus(listOf("ap_${tail.drop(1)}\n", " ap_$tail".take(29), "ap_${tail.drop(1)}ａ"))
                .forEach { Ids.isApproval(it) shouldBe false }
        }

        test("every character of the alphabet comes at every place, and none is double among many") {
            val made = List(2_000) { ids.approval() }
            made.toSet().size shouldBe made.size
            (3 until 29).forEach { place -> made.map { it[place] }.toSet().size shouldBeGreaterThan 31 }
        }

        test("the same random bytes make the same id, whatever their upper bits are") {
            fun of(byte: Int) = Ids { ByteArray(it) { byte.toByte() } }.approval()
            of(0) shouldBe "ap_" + "a".repeat(26)
            of(31) shouldBe "ap_" + "7".repeat(26)
            of(-1) shouldBe of(31)
            of(32) shouldBe of(0)
        }
    })
