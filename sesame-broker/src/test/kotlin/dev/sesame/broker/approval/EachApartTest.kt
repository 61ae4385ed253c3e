package dev.sesame.broker.approval

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

class EachApartTest :
    FunSpec({
        test("one that fails holds up none of the others, and is told of in the end") {
            val done = mutableListOf<String>()
            val failure = shouldThrow<IllegalStateException> {
                eachApart(listOf("a", "b", "c")) { if (it == "a") error("not this one") else done += it }
            }
            failure.message shouldBe "not this one"
            done shouldContainExactly listOf("b", "c")
        }

        test("where one after the other fails, the rest isn't tried: it isn't theirs") {
            var tries = 0
            shouldThrow<IllegalStateException> {
                eachApart(List(100) { "$it" }) {
                    tries++
                    error("away")
                }
            }
            tries shouldBe 5
        }
    })
