package dev.sesame.broker.store

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe

/** What every adapter of [PolicyStore] promises. */
internal abstract class PolicyStoreContract(fresh: () -> Stores) :
    FunSpec({
        suspend fun Stores.set(text: String, afterSeconds: Long = 0) =
            SetPolicy(text, approver().id, start.plusSeconds(afterSeconds)).also { policies.set(it, rules = 1) }

        test("there is none before one is set") {
            fresh().use {
                it.policies.policy().shouldBeNull()
                it.policies.history().shouldBeEmpty()
            }
        }

        test("the one set last holds, also after a restart, and also where it was set by an earlier clock") {
            fresh().use {
                val first = it.set("one", afterSeconds = 60)
                val second = it.set("two\nwith é and '", afterSeconds = 5)
                it.reopen()
                it.policies.policy() shouldBe second
                it.policies.history() shouldContainExactly listOf(second, first)
            }
        }

        test("the newest hundred are kept") {
            fresh().use {
                val all = (1..PolicyStore.MOST + 3).map { number -> it.set("policy $number") }
                it.policies.history() shouldContainExactly all.takeLast(PolicyStore.MOST).reversed()
            }
        }
    })
