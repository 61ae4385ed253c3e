package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.question
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrowAny
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope

class UnreadableRowTest :
    FunSpec({
        test("a row that can't be read fails without telling what people were asked: failures are logged") {
            val dir = temporaryDirectory()
            sqliteStores(dir).use { stores ->
                val record = stores.opened(question(stores.requester()))
                SqliteDatabase(dir.resolve("sesame.db")).use { other ->
                    other.write { it.execute("UPDATE approvals SET question = '!' || question") }
                }
                val problem = shouldThrowAny { stores.approvals.find(record.id) }
                generateSequence<Throwable>(problem) { it.cause }.forEach { it.message.orEmpty() shouldNotContain record.question.summary }
            }
        }

        test("who reads others at the same time is not harmed by it") {
            val dir = temporaryDirectory()
            sqliteStores(dir).use { stores ->
                val (torn, sound) = stores.openedTogether(2, stores.requester())
                SqliteDatabase(dir.resolve("sesame.db")).use { other ->
                    other.write { it.execute("UPDATE approvals SET question = '!' || question WHERE id = ?", torn.id) }
                }
                val approvals = stores.approvals
                repeat(20) {
                    coroutineScope {
                        val failing = async { runCatching { approvals.find(torn.id) } }
                        val reading = async { approvals.find(sound.id) }
                        failing.await().isFailure shouldBe true
                        reading.await() shouldBe sound
                    }
                }
            }
        }
    })
