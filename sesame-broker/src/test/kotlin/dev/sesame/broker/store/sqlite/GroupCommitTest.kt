package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.sql.GroupCommit
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withTimeout
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.Jdbi
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

class GroupCommitTest :
    FunSpec({
        fun database(): Jdbi {
            val file = temporaryDirectory().resolve("test.db")
            val jdbi = Jdbi.create("jdbc:sqlite:$file")
            jdbi.useHandle<RuntimeException> {
                it.execute("PRAGMA journal_mode = WAL")
                it.execute("CREATE TABLE written (n INTEGER PRIMARY KEY)")
            }
            return jdbi
        }

        fun Handle.insert(n: Int): Int = execute("INSERT INTO written VALUES (?)", n)

        fun Jdbi.written(): List<Int> = withHandle<List<Int>, RuntimeException> {
            it.createQuery("SELECT n FROM written ORDER BY n").mapTo(Int::class.javaObjectType).list()
        }

        test("when a write returns, another connection sees it") {
            val jdbi = database()
            GroupCommit(OneConnection(jdbi.open())).use { commit ->
                repeat(50) { n ->
                    commit.write { it.insert(n) } shouldBe 1
                    jdbi.written() shouldContainExactly (0..n).toList()
                }
            }
        }

        test("writes that wait together go together, and a failing one fails alone") {
            val jdbi = database()
            GroupCommit(OneConnection(jdbi.open())).use { commit ->
                supervisorScope {
                    val busy = CountDownLatch(1)
                    val first = async(Dispatchers.IO) { commit.write { busy.await() } }
                    val writes = (1..20).map { n ->
                        async(Dispatchers.IO) {
                            commit.write {
                                if (n ==
                                    7
                                ) {
                                    error("no seven")
                                } else {
                                    it.insert(n)
                                }
                            }
                        }
                    }
                    busy.countDown()
                    first.await()
                    writes.forEachIndexed { index, write ->
                        if (index + 1 == 7) {
                            shouldThrow<StoreUnavailable> { write.await() }.message shouldContain "no seven"
                        } else {
                            write.await() shouldBe 1
                        }
                    }
                }
            }
            jdbi.written() shouldContainExactly (1..20) - 7
        }

        test("a write that the database refuses fails alone, and leaves nothing") {
            val jdbi = database()
            GroupCommit(OneConnection(jdbi.open())).use { commit ->
                commit.write { it.insert(1) }
                shouldThrow<StoreUnavailable> {
                    commit.write {
                        it.insert(2)
                        it.insert(1)
                    }
                }
                commit.write { it.insert(3) } shouldBe 1
            }
            jdbi.written() shouldContainExactly listOf(1, 3)
        }

        test("a write that fails by an error of the machine fails alone too: the writer goes on") {
            val jdbi = database()
            GroupCommit(OneConnection(jdbi.open())).use { commit ->
                withTimeout(5.seconds) {
                    shouldThrow<StoreUnavailable> { commit.write { throw StackOverflowError("too deep") } }
                    commit.write { it.insert(1) } shouldBe 1
                }
            }
            jdbi.written() shouldContainExactly listOf(1)
        }

        test("two hundred writers at once all land") {
            val jdbi = database()
            GroupCommit(OneConnection(jdbi.open())).use { commit ->
                coroutineScope { List(200) { n -> async(Dispatchers.IO) { commit.write { it.insert(n) } } }.awaitAll().sum() } shouldBe 200
            }
            jdbi.written() shouldContainExactly (0..199).toList()
        }

        test("beyond ten thousand waiting writes a caller is told to come back, and those that wait are done") {
            val jdbi = database()
            GroupCommit(OneConnection(jdbi.open())).use { commit ->
                coroutineScope {
                    val busy = CountDownLatch(1)
                    val taken = CountDownLatch(1)
                    val first = async(Dispatchers.IO) {
                        commit.write {
                            taken.countDown()
                            busy.await()
                        }
                    }
                    taken.await()
                    val done = AtomicInteger()
                    val waiting = List(10_000) { async(Dispatchers.Unconfined) { commit.write { done.incrementAndGet() } } }
                    shouldThrow<StoreUnavailable> { commit.write { } }.message shouldContain "10000 writes are waiting"
                    busy.countDown()
                    first.await()
                    waiting.awaitAll()
                    done.get() shouldBe 10_000
                }
            }
        }

        test("after closing, a write is refused") {
            val commit = GroupCommit(OneConnection(database().open()))
            commit.close()
            shouldThrow<StoreUnavailable> { commit.write { } }.message shouldContain "closed"
        }

        test("a write that meets the closing is done or refused, never left waiting") {
            val jdbi = database()
            repeat(100) { n ->
                val commit = GroupCommit(OneConnection(jdbi.open()))
                coroutineScope {
                    val writers = List(4) { async(Dispatchers.IO) { runCatching { while (true) commit.write { it.execute("SELECT 1") } } } }
                    commit.write { it.insert(n) }
                    commit.close()
                    withTimeout(5.seconds) { writers.awaitAll() }.forEach { it.exceptionOrNull()!!::class shouldBe StoreUnavailable::class }
                }
            }
            jdbi.written().size shouldBe 100
        }
    })
