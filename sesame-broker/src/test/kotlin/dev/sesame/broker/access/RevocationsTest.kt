package dev.sesame.broker.access

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.seconds

class RevocationsTest :
    FunSpec({
        test("a revocation ends everything held under the credential, and nothing held under another") {
            val revocations = Revocations()
            coroutineScope {
                val mine = List(3) { async(start = CoroutineStart.UNDISPATCHED) { revocations.watching("mine") { it.await() } } }
                val other = async(start = CoroutineStart.UNDISPATCHED) { revocations.watching("other") { it.await() } }
                revocations.revoke("mine")
                withTimeout(5.seconds) { mine.awaitAll() }
                other.isActive shouldBe true
                revocations.revoke("other")
                withTimeout(5.seconds) { other.await() }
            }
        }

        test("what ends by itself tells its own result, and leaves the others watched") {
            val revocations = Revocations()
            coroutineScope {
                val held = async(start = CoroutineStart.UNDISPATCHED) { revocations.watching("mine") { it.await() } }
                revocations.watching("mine") { "done" } shouldBe "done"
                runCatching { revocations.watching("mine") { error("failed") } }.exceptionOrNull()?.message shouldBe "failed"
                held.isActive shouldBe true
                revocations.revoke("mine")
                withTimeout(5.seconds) { held.await() }
            }
        }

        test("a revocation of what holds nothing, and one before, are not remembered: the store knows who is revoked") {
            val revocations = Revocations()
            revocations.revoke("mine")
            revocations.watching("mine") { it.isCompleted } shouldBe false
        }

        test("watchers that come and go at once lose no revocation") {
            repeat(200) {
                val revocations = Revocations()
                coroutineScope {
                    val held = async(start = CoroutineStart.UNDISPATCHED) { revocations.watching("mine") { it.await() } }
                    repeat(4) { launch(Dispatchers.Default) { repeat(20) { revocations.watching("mine") { } } } }
                    launch(Dispatchers.Default) { revocations.revoke("mine") }
                    withTimeout(5.seconds) { held.await() }
                }
            }
        }
    })
