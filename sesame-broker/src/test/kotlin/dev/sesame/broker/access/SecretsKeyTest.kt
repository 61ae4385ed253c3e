package dev.sesame.broker.access

import dev.sesame.broker.store.random
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions
import java.util.Base64
import kotlin.io.path.createDirectory
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.readText
import kotlin.io.path.writeText

class SecretsKeyTest :
    FunSpec({
        test("it is made once, for its owner alone, and read again at the next start") {
            val directory = temporaryDirectory()
            val key = SecretsKey.inDirectory(directory, random)
            key.size shouldBe 32
            SecretsKey.inDirectory(directory) { error("it is there") } shouldBe key
            SecretsKey.inDirectory(temporaryDirectory(), random) shouldNotBe key
            val file = directory.listDirectoryEntries().single()
            file.name shouldBe "secrets.key"
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) shouldBe "rw-------"
            SecretsKey.parse(file.readText(), "it") shouldBe key
        }

        test("what a crash left unfinished is made anew") {
            val directory = temporaryDirectory()
            directory.resolve("secrets.key.new").writeText("hal")
            SecretsKey.inDirectory(directory, random).size shouldBe 32
            directory.listDirectoryEntries().map { it.name } shouldBe listOf("secrets.key")
        }

        test("a file that others may read stops the start") {
            val directory = temporaryDirectory()
            SecretsKey.inDirectory(directory, random)
            Files.setPosixFilePermissions(directory.resolve("secrets.key"), PosixFilePermissions.fromString("rw-r-----"))
            shouldThrow<BadSecretsKey> { SecretsKey.inDirectory(directory, random) }.message!! shouldContain "chmod 600"
        }

        test("a file that holds no key, or can't be read, stops the start and stays as it is") {
            listOf("", "\n", "not base64!", Base64.getEncoder().encodeToString(random(31))).forEach { text ->
                val directory = temporaryDirectory()
                SecretsKey.inDirectory(directory, random)
                val file = directory.resolve("secrets.key").also { it.writeText(text) }
                shouldThrow<BadSecretsKey> { SecretsKey.inDirectory(directory, random) }.message!! shouldContain "$file"
                file.readText() shouldBe text
            }
            val directory = temporaryDirectory()
            directory.resolve(
                "secrets.key",
            ).createDirectory(PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
            shouldThrow<BadSecretsKey> { SecretsKey.inDirectory(directory, random) }
        }

        test("a key from the environment must be 32 random bytes; the refusal never shows it") {
            val good = random(32)
            SecretsKey.parse(Base64.getEncoder().encodeToString(good), SecretsKey.VARIABLE) shouldBe good
            val bad =
                listOf(
                    random(16),
                    random(33),
                    ByteArray(32),
                    ByteArray(32) {
                        'a'.code.toByte()
                    },
                ).map(Base64.getEncoder()::encodeToString) +
                    "correct horse battery"
            bad.forEach { text ->
                withClue(text) {
                    val line = shouldThrow<BadSecretsKey> { SecretsKey.parse(text, SecretsKey.VARIABLE) }.message!!
                    line shouldContain "SESAME_SECRETS_KEY"
                    line shouldNotContain text
                }
            }
        }
    })
