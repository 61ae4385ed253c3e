package dev.sesame.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Job
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.withContext
import kotlin.coroutines.ContinuationInterceptor

class BlockContextTest :
    FunSpec({
        test("the block runs in the caller's own coroutine: its name, its job, its dispatcher") {
            virtually { rig ->
                withContext(CoroutineName("the caller")) {
                    val caller = currentCoroutineContext()
                    rig.approve {
                        val here = currentCoroutineContext()
                        here[CoroutineName] shouldBe CoroutineName("the caller")
                        here[Job] shouldBeSameInstanceAs caller[Job]
                        here[ContinuationInterceptor] shouldBeSameInstanceAs caller[ContinuationInterceptor]
                    }
                }
            }
        }

        test("what the caller's thread carries is there for the block") {
            val carried = ThreadLocal<String>()
            virtually { rig ->
                withContext(carried.asContextElement("a transaction")) {
                    rig.approve { carried.get() } shouldBe "a transaction"
                }
            }
        }
    })
