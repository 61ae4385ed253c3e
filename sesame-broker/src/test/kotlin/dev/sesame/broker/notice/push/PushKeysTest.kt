package dev.sesame.broker.notice.push

import dev.sesame.broker.access.CannotUnseal
import dev.sesame.broker.access.SecretBox
import dev.sesame.broker.store.random
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.nio.file.Files
import kotlin.io.path.readBytes

class PushKeysTest :
    FunSpec({
        val dir = temporaryDirectory()
        val stores = autoClose(sqliteStores(dir))
        val box = SecretBox(random(32), random)

        test("made once, kept over restarts, and nowhere on the disk in clear") {
            val made = PushKeys(stores.access, box).take(keyIsNew = true)
            stores.reopen()
            PushKeys(stores.access, box).take(keyIsNew = false).pkcs8PrivateKey shouldBe made.pkcs8PrivateKey
            val secret = UserAgent.bytes(made.pkcs8PrivateKey).takeLast(32)
            Files.list(dir).use { files ->
                files.filter { "sesame.db" in "$it" }.forEach { file ->
                    val bytes = file.readBytes()
                    String(bytes, Charsets.ISO_8859_1).let {
                        it shouldNotContain made.pkcs8PrivateKey
                        it shouldNotContain String(secret.toByteArray(), Charsets.ISO_8859_1)
                    }
                }
            }
        }

        test("under another key they can't be read: said, unless that key is new; then new ones take their place") {
            val before = PushKeys(stores.access, box).take(keyIsNew = false)
            val other = SecretBox(random(32), random)
            shouldThrow<CannotUnseal> { PushKeys(stores.access, other).take(keyIsNew = false) }.message shouldContain "web push"
            val after = PushKeys(stores.access, other).take(keyIsNew = true)
            after.pkcs8PrivateKey shouldNotBe before.pkcs8PrivateKey
            PushKeys(stores.access, other).take(keyIsNew = false).pkcs8PrivateKey shouldBe after.pkcs8PrivateKey
        }
    })
