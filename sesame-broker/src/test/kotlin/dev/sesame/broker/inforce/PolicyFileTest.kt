package dev.sesame.broker.inforce

import dev.sesame.broker.MovableClock
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.FileTime
import java.time.Instant
import kotlin.io.path.deleteExisting
import kotlin.io.path.writeText

class PolicyFileTest :
    FunSpec({
        val clock = MovableClock(Instant.now())

        fun path(text: String? = "one"): Path = temporaryDirectory().resolve("policy").also { file -> text?.let(file::writeText) }

        fun begun(path: Path) = PolicyFile(path, isRequired = false, clock).also { it.readNow() }

        fun PolicyFile.Seen.text() = shouldBeInstanceOf<PolicyFile.Seen.Changed>().bytes.decodeToString()

        test("what doesn't change is the same, however often one looks") {
            val file = begun(path())
            repeat(3) { file.look() shouldBe PolicyFile.Seen.Same }
        }

        test("a change is told once, when it was seen twice") {
            val path = path()
            val file = begun(path)
            path.writeText("two")
            file.look() shouldBe PolicyFile.Seen.Same
            file.look().text() shouldBe "two"
            file.look() shouldBe PolicyFile.Seen.Same
        }

        test("what is still being written isn't told: only what was the same at two looks") {
            val path = path()
            val file = begun(path)
            listOf("t", "tw", "two", "two and").forEach {
                path.writeText(it)
                file.look() shouldBe PolicyFile.Seen.Same
            }
            file.look().text() shouldBe "two and"
        }

        test("a change that was taken back is none") {
            val path = path()
            val file = begun(path)
            path.writeText("two")
            file.look() shouldBe PolicyFile.Seen.Same
            path.writeText("one")
            repeat(3) { file.look() shouldBe PolicyFile.Seen.Same }
        }

        test("another text of the same length at the same moment is a change") {
            val path = path()
            val stamp = FileTime.from(clock.instant())
            Files.setLastModifiedTime(path, stamp)
            val file = begun(path)
            path.writeText("two")
            Files.setLastModifiedTime(path, stamp)
            file.look() shouldBe PolicyFile.Seen.Same
            file.look().text() shouldBe "two"
        }

        test("a file that comes, goes and comes again is told each time") {
            val path = path(text = null)
            val file = PolicyFile(path, isRequired = false, clock)
            file.readNow() shouldBe null
            path.writeText("one")
            file.look() shouldBe PolicyFile.Seen.Same
            file.look().text() shouldBe "one"
            path.deleteExisting()
            file.look() shouldBe PolicyFile.Seen.Same
            file.look().shouldBeInstanceOf<PolicyFile.Seen.Unreadable>().problem shouldBe "the file is gone"
            file.look() shouldBe PolicyFile.Seen.Same
            path.writeText("one")
            file.look() shouldBe PolicyFile.Seen.Same
            file.look().text() shouldBe "one"
        }

        test("a file that must be there stops the start where it isn't, or is a directory") {
            val absent = shouldThrow<NoPolicyFile> { PolicyFile(path(text = null), isRequired = true, clock).readNow() }
            absent.message shouldContain "there is no file"
            shouldThrow<NoPolicyFile> { PolicyFile(temporaryDirectory(), isRequired = false, clock).readNow() }.message shouldContain
                "can't be read"
        }
    })
