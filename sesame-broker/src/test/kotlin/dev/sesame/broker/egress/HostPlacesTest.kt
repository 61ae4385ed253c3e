package dev.sesame.broker.egress

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch

class HostPlacesTest :
    FunSpec({
        test("so many at a time for each host; the next goes on when a place is free, and a host that nobody calls is forgotten") {
            val places = HostPlaces(limit = 2)
            val leave = List(4) { CompletableDeferred<Unit>() }
            val within = mutableSetOf<Int>()
            coroutineScope {
                val calls = leave.mapIndexed { index, over ->
                    // Runs at once, as far as it comes.
                    launch(start = CoroutineStart.UNDISPATCHED) {
                        places.within("a:443") {
                            within.add(index)
                            within.size shouldBeLessThanOrEqual 2
                            over.await()
                            within.remove(index)
                        }
                    }
                }
                within shouldBe setOf(0, 1)
                places.within("a:444") { places.hosts shouldBe 2 }
                // While the first one stays, the others pass by it one after the other.
                (1..3).forEach {
                    leave[it].complete(Unit)
                    calls[it].join()
                }
                within shouldBe setOf(0)
                leave[0].complete(Unit)
            }
            places.hosts shouldBe 0
        }

        test("a place is given back by who fails, and one who leaves the queue takes none") {
            val places = HostPlaces(limit = 1)
            shouldThrow<IllegalStateException> { places.within("a:443") { error("failed") } }
            coroutineScope {
                places.within("a:443") {
                    val waiting = launch(start = CoroutineStart.UNDISPATCHED) { places.within("a:443") { error("there was no place") } }
                    waiting.cancelAndJoin()
                }
            }
            places.within("a:443") { places.hosts } shouldBe 1
            places.hosts shouldBe 0
        }
    })
