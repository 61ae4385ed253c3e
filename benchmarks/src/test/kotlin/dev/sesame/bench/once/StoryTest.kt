package dev.sesame.bench.once

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe

private fun story(
    status: String? = "approved",
    execution: String? = "succeeded",
    words: List<Word> = listOf(Word.DONE),
    runs: List<BlockRun> = listOf(BlockRun("w0-1.1", isEnded = true)),
    isWanted: Boolean = true,
    deadClaims: Int = 0,
) = Story("m1", isWanted, words, runs, status, execution, deadClaims)

private val ended = BlockRun("w0-1.1", isEnded = true)
private val another = BlockRun("w1-1.4", isEnded = true)
private val cutOff = BlockRun("w0-2.1", isEnded = false)

/** The judge itself: a history in which a promise is broken is found broken, whichever it is. */
class StoryTest :
    FunSpec({
        mapOf(
            "a run that ended, and was said to be done" to story(),
            "a run that was cut off, and said to be unknown" to
                story(execution = "unknown", words = listOf(Word.CLAIMED, Word.UNKNOWN), runs = listOf(cutOff)),
            "a claim that died before the block, and was said to be unknown" to
                story(execution = "unknown", words = listOf(Word.UNKNOWN), runs = emptyList(), deadClaims = 1),
            "a second run that an admin allowed" to
                story(words = listOf(Word.UNKNOWN, Word.ALLOWED_BY_ADMIN, Word.DONE), runs = listOf(cutOff, another)),
            "a second run that its caller allowed, cut off and said to be unknown again" to
                story(
                    execution = "unknown",
                    words = listOf(Word.UNKNOWN, Word.ALLOWED_BY_CALLER, Word.UNKNOWN),
                    runs = listOf(cutOff, cutOff),
                ),
            "a run that was cut off, and that an admin settled as done" to
                story(words = listOf(Word.UNKNOWN, Word.SETTLED_AS_DONE, Word.EXECUTED), runs = listOf(cutOff)),
            "a no that was told" to story("denied", null, listOf(Word.DENIED), emptyList(), isWanted = false),
            "an expiry that was told" to story("expired", null, listOf(Word.EXPIRED), emptyList(), isWanted = false),
        ).forEach { (what, kept) ->
            test("kept: $what") { kept.broken().shouldBeEmpty() }
        }

        mapOf(
            "a double run" to story(runs = listOf(ended, another)) to
                "m1 DOUBLE RUN: began 2 times where 1 were allowed: w0-1.1, w1-1.4",
            "a second run beside one that was cut off" to story(runs = listOf(cutOff, ended)) to
                "m1 DOUBLE RUN: began 2 times where 1 were allowed: w0-2.1, w0-1.1",
            "a third run where a second was allowed" to
                story(words = listOf(Word.UNKNOWN, Word.ALLOWED_BY_ADMIN, Word.DONE), runs = listOf(cutOff, ended, another)) to
                "m1 DOUBLE RUN: began 3 times where 2 were allowed: w0-2.1, w0-1.1, w1-1.4",
            "a run under a claim that was dead" to story(deadClaims = 1) to
                "m1 DOUBLE RUN: began 1 times where 0 were allowed: w0-1.1",
            "a run of what was denied" to story(
                "denied",
                null,
                listOf(Word.DENIED),
                listOf(cutOff),
            ) to "m1 ran, and the approval is denied",
            "a run of what expired" to story(
                "expired",
                null,
                listOf(Word.EXPIRED),
                listOf(cutOff),
            ) to "m1 ran, and the approval is expired",
            "a run to which nobody said yes" to story(isWanted = false) to "m1 ran, and nobody said yes",
            "a call that returned without a run that ended" to
                story(execution = "unknown", words = listOf(Word.DONE, Word.UNKNOWN), runs = listOf(cutOff)) to
                "m1 was said to be done 1 times, and ended 0 times",
            "a success without a run" to story(words = listOf(Word.EXECUTED), runs = emptyList()) to
                "m1 counts as done, and no run of it ended",
            "a message that nobody ended" to story(words = listOf(Word.CLAIMED, Word.UNAVAILABLE)) to
                "m1 LOST: nobody ever said how it ended",
            "a message that was approved and never run" to story(execution = null, words = listOf(Word.DENIED), runs = emptyList()) to
                "m1 LOST: approved, and never run",
            "a run that an admin allowed and nobody began" to
                story(execution = "failed", words = listOf(Word.UNKNOWN, Word.ALLOWED_BY_ADMIN), runs = listOf(cutOff)) to
                "m1 LOST: approved, and failed",
            "a message that the broker forgot" to story(null, null, listOf(Word.UNKNOWN), emptyList()) to
                "m1 LOST: its approval is unknown to the broker",
            "an unknown outcome that no redelivery was told" to
                story(execution = "unknown", words = listOf(Word.EXECUTED), runs = listOf(cutOff)) to
                "m1 UNSAID: its outcome is unknown, and no redelivery was told so",
            "an unknown outcome after a second run, of which only the first was told" to
                story(execution = "unknown", words = listOf(Word.UNKNOWN, Word.ALLOWED_BY_ADMIN), runs = listOf(cutOff, cutOff)) to
                "m1 UNSAID: its outcome is unknown, and no redelivery was told so",
            "a claim that outlives its lease" to story(execution = "claimed", words = listOf(Word.UNKNOWN), runs = listOf(cutOff)) to
                "m1 is claimed still, long after its lease",
            "a no that nobody was told" to story(
                "denied",
                null,
                listOf(Word.EXECUTED),
                emptyList(),
            ) to "m1 was denied, and nobody was told",
            "an expiry that nobody was told" to story("expired", null, listOf(Word.DENIED), emptyList()) to
                "m1 expired, and nobody was told",
            "an exception that no call should see" to story(words = listOf(Word.FAULT, Word.DONE)) to
                "m1 ended with an exception that no call should see",
        ).forEach { (case, told) ->
            test("broken: ${case.first}") { case.second.broken() shouldBe listOf(told) }
        }

        test("a worker's words are those of the exceptions that users catch, and any other is a fault") {
            listOf("DONE", "ExecutionUnknownException", "ProtocolException", "").map(Word::of) shouldBe
                listOf(Word.DONE, Word.UNKNOWN, Word.FAULT, Word.FAULT)
        }
    })
