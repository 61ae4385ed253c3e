package dev.sesame.broker.inforce

import dev.sesame.broker.MovableClock
import dev.sesame.broker.policy.Facts
import dev.sesame.broker.policy.yaml.BadPolicy
import dev.sesame.broker.store.InForce
import dev.sesame.broker.store.PolicyStore
import dev.sesame.broker.store.SetPolicy
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory
import dev.sesame.rules.PolicyEffect
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject
import java.time.Duration
import java.time.Instant
import kotlin.io.path.deleteExisting
import kotlin.io.path.writeText

private fun policy(effect: String) = "version: 1\nrules: [{name: all, action: '*', effect: $effect}]"

/** A policy in force over a file, a store and a clock of its own. */
private class Rig : AutoCloseable {
    val clock = MovableClock()
    val path = temporaryDirectory().resolve("sesame-policy.yaml")
    val stores = sqliteStores(temporaryDirectory())
    val changes = mutableListOf<PolicyChange>()
    val inForce = again()

    fun again(policies: PolicyStore = stores.policies) =
        PolicyInForce(PolicyFile(path, isRequired = false, clock), policies, clock, setOf("push"), changes::add)

    suspend fun lookTwice() = repeat(2) { inForce.look() }

    fun effect() = inForce.book.judge(Facts("a", JsonObject(emptyMap()), "shop", clock.instant())).effect

    override fun close() = stores.close()
}

class PolicyInForceTest :
    FunSpec({
        fun rigged(name: String, block: suspend Rig.() -> Unit) = test(name) { Rig().use { it.block() } }

        rigged("without a file and without one set, people are asked about everything") {
            inForce.start()
            effect() shouldBe PolicyEffect.REQUIRE_APPROVAL
            inForce.standing.origin shouldBe Origin.NONE
            inForce.standing.sha256.shouldBeNull()
        }

        rigged("what of it has no effect, since a channel is switched off, is told; it is in force all the same") {
            fun rule(name: String, line: String) = "{name: $name, action: '*', effect: require_approval$line}"
            val both = "channels: [push, telegram]"
            path.writeText("version: 1\nrules: [${rule("one", ", $both")}, ${rule("two", ", channels: push")}, ${rule("three", "")}]")
            inForce.start()
            inForce.standing.warnings shouldBe listOf("the rule \"one\" tells people over telegram, which is switched off here")
            inForce.standing.policy.rules.size shouldBe 3
        }

        rigged("the file holds from the start, and a changed one from when it was seen twice") {
            path.writeText(policy("permit"))
            inForce.start()
            effect() shouldBe PolicyEffect.PERMIT
            clock.move(Duration.ofMinutes(1))
            path.writeText(policy("deny"))
            inForce.look()
            effect() shouldBe PolicyEffect.PERMIT
            inForce.look()
            effect() shouldBe PolicyEffect.DENY
            inForce.standing.since shouldBe clock.instant()
            changes shouldContainExactly listOf(PolicyChange.TAKEN)
        }

        rigged("a policy that can't be told of in the audit doesn't hold, and is taken at a later look without another change") {
            path.writeText(policy("deny"))
            var isFull = false
            val held = again(object : PolicyStore by stores.policies {
                override suspend fun tookForce(policy: InForce, at: Instant) =
                    if (isFull) throw StoreUnavailable("no room", RuntimeException()) else stores.policies.tookForce(policy, at)
            })
            held.start()
            clock.move(Duration.ofMinutes(1))
            path.writeText(policy("permit"))
            isFull = true
            held.look()
            repeat(2) { shouldThrow<StoreUnavailable> { held.look() } }
            held.standing.text shouldBe policy("deny")
            isFull = false
            held.look()
            held.standing.text shouldBe policy("permit")
        }

        rigged("a wrong file is refused whole: what was in force stays, and the refusal is told until something right comes") {
            path.writeText(policy("deny"))
            inForce.start()
            val before = inForce.standing
            clock.move(Duration.ofMinutes(1))
            path.writeText(policy("permit") + "\nextra: 1")
            repeat(5) { inForce.look() }
            inForce.standing shouldBe before
            val refusal = PolicyRefusal(clock.instant(), "line 3, column 1: extra is no key of the policy; there are version, rules")
            inForce.lastRefusal shouldBe refusal
            changes shouldContainExactly listOf(PolicyChange.REFUSED)
            path.writeText(policy("permit"))
            lookTwice()
            effect() shouldBe PolicyEffect.PERMIT
            inForce.lastRefusal shouldBe refusal.copy(isOver = true)
        }

        rigged("a file that goes back to what is in force ends the refusal, and changes nothing") {
            path.writeText(policy("deny"))
            inForce.start()
            val before = inForce.standing
            path.writeText("nonsense")
            lookTwice()
            path.writeText(policy("deny"))
            lookTwice()
            inForce.standing shouldBe before
            inForce.lastRefusal.shouldNotBeNull().isOver shouldBe true
        }

        rigged("a file that is deleted while the broker runs takes no rule out of force") {
            path.writeText(policy("deny"))
            inForce.start()
            path.deleteExisting()
            lookTwice()
            effect() shouldBe PolicyEffect.DENY
            inForce.lastRefusal.shouldNotBeNull().problem shouldBe "the file is gone"
        }

        rigged("a wrong file stops the start") {
            path.writeText("version: 1")
            shouldThrow<BadPolicy> { inForce.start() }.message shouldBe "line 1, column 1: the policy needs the key rules"
        }

        rigged("what an admin sets holds at once, and after a restart") {
            inForce.start()
            val ann = stores.approver().id
            inForce.set(policy("deny"), ann)
            effect() shouldBe PolicyEffect.DENY
            clock.move(Duration.ofHours(1))
            val after = again().also { it.start() }.standing
            after.origin shouldBe Origin.API
            after.setBy shouldBe ann
            after.since shouldBe clock.instant() - Duration.ofHours(1)
            after.text shouldBe policy("deny")
        }

        rigged("a wrong one that an admin sets is neither stored nor in force") {
            inForce.start()
            shouldThrow<BadPolicy> { inForce.set("version: 1", stores.approver().id) }
            inForce.standing.origin shouldBe Origin.NONE
            stores.policies.policy().shouldBeNull()
        }

        rigged("the file wins: over what was set before, from when it comes, and over what is to be set") {
            inForce.start()
            val ann = stores.approver().id
            inForce.set(policy("permit"), ann)
            path.writeText(policy("deny"))
            lookTwice()
            effect() shouldBe PolicyEffect.DENY
            shouldThrow<FileWins> { inForce.set(policy("permit"), ann) }
            effect() shouldBe PolicyEffect.DENY
            again().also { it.start() }.standing.origin shouldBe Origin.FILE
        }

        rigged("a stored policy that this broker doesn't understand stops the start: without it, less would be denied") {
            stores.policies.set(SetPolicy("version: 2\nrules: []", stores.approver().id, clock.instant()), rules = 0)
            shouldThrow<BadPolicy> { inForce.start() }
            inForce.startsFrom shouldBe "the admin API"
        }
    })
