package dev.sesame.broker.cli

import dev.sesame.broker.TestBroker
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.string.shouldContain
import java.nio.file.Path
import kotlin.io.path.writeText

class ReceiptCommandsTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val terminal = Terminal("SESAME_DATA_DIR" to "${broker.dataDir}", "SESAME_APPROVER_TOKEN" to broker.admin.bearer!!)
        val alone = Terminal() // without a broker
        val dir = temporaryDirectory()

        fun keys(): Path = dir.resolve("jwks.json").also { it.writeText(broker.nobody.get("/.well-known/jwks.json").text) }

        test("a receipt that is shown is believed without a broker, and tells who decided") {
            val ada = broker.approver()
            val id = broker.requester().asked().also { ada.approve(it) }
            val receipt = terminal.run("receipt", "show", id).well().out.trim()
            val told = alone.run("receipt", "verify", receipt, "--keys", "${keys()}").well().out
            listOf(id, "payments.refund", "approved", ada.name, "by api", "live").forEach { told shouldContain it }
            val file = dir.resolve("receipt.txt").also { it.writeText(receipt + "\n") }
            alone.run("receipt", "verify", "$file", "--keys", "${keys()}").well().out shouldContain id
        }

        test("what isn't one, or isn't theirs, is refused in a line") {
            val id = broker.requester().asked()
            terminal.run("receipt", "show", id).badly("not decided yet")
            terminal.run("receipt", "show", "ap_x").badly("not_found")
            broker.approver().approve(id)
            val receipt = terminal.run("receipt", "show", id).well().out.trim()
            alone.run("receipt", "verify", "nonsense", "--keys", "${keys()}").badly("receipt refused")
            alone.run("receipt", "verify", receipt.dropLast(9) + "AAAAAAAAA", "--keys", "${keys()}").badly("none of the keys")
            alone.run("receipt", "verify", receipt, "--keys", "${dir.resolve("none.json")}").badly("can't be read")
            val empty = dir.resolve("empty.json").also { it.writeText("""{"keys": []}""") }
            alone.run("receipt", "verify", receipt, "--keys", "$empty").badly("no Ed25519 key")
        }

        test("after a rotation with revocation, only the new key is believed") {
            val id = broker.requester().asked().also { broker.approver().approve(it) }
            val before = terminal.run("receipt", "show", id).well().out.trim()
            terminal.run("receipt", "rotate-key", "--revoke-others").well().out shouldContain "Revoked 1"
            alone.run("receipt", "verify", before, "--keys", "${keys()}").badly("none of the keys")
            val after = terminal.run("receipt", "show", id).well().out.trim()
            alone.run("receipt", "verify", after, "--keys", "${keys()}").well()
        }
    })
