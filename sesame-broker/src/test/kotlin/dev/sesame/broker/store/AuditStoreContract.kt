package dev.sesame.broker.store

import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Role
import dev.sesame.broker.access.Secret
import dev.sesame.broker.access.SecretBox
import dev.sesame.broker.audit.Fact
import dev.sesame.broker.audit.Head
import dev.sesame.broker.receipt.SigningKey
import dev.sesame.rules.Command
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.serialization.json.JsonPrimitive

/** What every store keeps of what happened. */
internal abstract class AuditStoreContract(open: () -> Stores) :
    FunSpec({
        suspend fun Stores.facts() = audit.entriesAfter(0, 1_000).map { it.fact.name }

        test("the first entry says what was there before; each one is bound to the one before it, without a gap") {
            open().use { stores ->
                stores.audit.head().shouldBeNull()
                val requester = stores.requester()
                stores.openedTogether(40, requester)
                val entries = stores.audit.entriesAfter(0, 1_000)
                entries.first().fact.name shouldBe Fact.BEGAN
                entries.first().fact.details["events_before"] shouldBe JsonPrimitive(0)
                entries.fold(Head.NONE) { head, entry -> head.next(entry.fact, entry.at).also { it shouldBe entry }.head } shouldBe
                    stores.audit.head()
                entries.size shouldBe 42
                stores.audit.entriesAfter(40, 1).single().seq shouldBe 41
            }
        }

        test("a question, its votes, its decision and its run are told of, with hashes and without a context") {
            open().use { stores ->
                val record = stores.opened(question(stores.requester()))
                val ada = stores.approver()
                val approved = record.after(vote(ada))
                stores.approvals.commit(1, approved, start.plusSeconds(1)) shouldBe true
                stores.approvals.commit(1, approved, start.plusSeconds(1)) shouldBe false
                val told = stores.audit.entriesOf(record.id, 10)
                told.map { it.fact.name to it.fact.version } shouldBe listOf("approval.opened" to 1, "approval.approved" to 2)
                val details = told.last().fact.details
                details["status"] shouldBe JsonPrimitive("approved")
                details["by"] shouldBe JsonPrimitive(ada.id)
                details["request_hash"] shouldBe JsonPrimitive(record.question.requestHash)
                told.forEach { ("A-1001" in it.fact.details.toString()) shouldBe false }
                told.last().at shouldBe start.plusSeconds(1)
            }
        }

        test("what was forgotten stays told of") {
            open().use { stores ->
                val record = stores.opened(question(stores.requester()))
                stores.approvals.commit(1, record.after(Command.Cancel), start.plusSeconds(1)) shouldBe true
                stores.approvals.forget(start.plusSeconds(2), 10, start.plusSeconds(9)) shouldBe 1
                stores.audit.entriesOf(record.id, 10).map { it.fact.name } shouldBe
                    listOf("approval.opened", "approval.cancelled", Fact.FORGOTTEN)
            }
        }

        test("who may call and decide is told of once, when it was made and when it ended") {
            open().use { stores ->
                val requester = stores.requester()
                val key = Secret.make(Secret.LIVE_KEY, random).let {
                    ApiKey(ids.key(), requester.id, dev.sesame.Mode.LIVE, it.hash, it.lastFour, start)
                }
                stores.access.add(key) shouldBe true
                stores.access.add(key) shouldBe false
                stores.approver(Role.ADMIN)
                val ada = stores.approver()
                repeat(2) {
                    stores.access.revokeKey(key.id, start.plusSeconds(1)) shouldBe true
                    stores.access.revokeApprover(ada.id, start.plusSeconds(1)) shouldBe true
                }
                stores.facts() shouldBe listOf(
                    Fact.BEGAN,
                    "requester.made",
                    "key.made",
                    "approver.made",
                    "approver.made",
                    "key.revoked",
                    "approver.revoked",
                )
            }
        }

        test("what many write at once stands in one row, and survives a restart") {
            open().use { stores ->
                val requester = stores.requester()
                coroutineScope { List(20) { async { stores.openedTogether(5, requester) } }.awaitAll() }
                val head = stores.audit.head()
                stores.reopen()
                stores.audit.head() shouldBe head
                head?.seq shouldBe 102L
            }
        }

        test("the newest checkpoint is kept, once for each length") {
            open().use { stores ->
                stores.audit.newestCheckpoint().shouldBeNull()
                stores.audit.keepCheckpoint(1, start, "first")
                stores.audit.keepCheckpoint(1, start, "another")
                stores.audit.newestCheckpoint() shouldBe "first"
                stores.audit.keepCheckpoint(7, start, "second")
                stores.audit.newestCheckpoint() shouldBe "second"
            }
        }

        test("of the keys that sign, the newest can't be ended; the private half of an ended one is gone") {
            open().use { stores ->
                val box = SecretBox(random(32), random)
                val first = SigningKey.make(random, box, start)
                stores.audit.add(first, first = true) shouldBe true
                stores.audit.add(SigningKey.make(random, box, start), first = true) shouldBe false
                stores.audit.revokeSigningKey(first.id, start) shouldBe false
                val second = SigningKey.make(random, box, start.plusSeconds(1))
                stores.audit.add(second, first = false) shouldBe true
                stores.audit.signingKeys() shouldBe listOf(first, second)
                stores.audit.revokeSigningKey("none", start) shouldBe false
                repeat(2) { stores.audit.revokeSigningKey(first.id, start.plusSeconds(2)) shouldBe true }
                stores.audit.signingKeys() shouldBe listOf(first.copy(sealed = null, revokedAt = start.plusSeconds(2)), second)
                stores.facts() shouldBe listOf(Fact.BEGAN, "signing_key.made", "signing_key.made", "signing_key.revoked")
            }
        }
    })
