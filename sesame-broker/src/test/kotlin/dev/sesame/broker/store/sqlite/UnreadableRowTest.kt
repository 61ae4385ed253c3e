package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.question
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrowAny
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.string.shouldNotContain

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
    })
