package dev.sesame.broker.http

import dev.sesame.broker.ClockedBroker
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonNull

/** Which policy is in force, and setting one. */
class PolicyAdminHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())

        test("at first there is none") {
            val shown = broker.admin.get("/v1/admin/policies")
            listOf("origin", "file", "set_by", "sha256", "text").map { shown.text("in_force.$it") } shouldContainExactly
                listOf("none", null, null, null, null)
            shown.at("last_refusal") shouldBe JsonNull
        }

        test("one that an admin sets is in force, with its text, its rules, and who set it") {
            val asking = "{name: two, action: c, effect: require_approval, groups: ops}"
            val text = "version: 1\nrules: [{name: no, action: [a, b.*], effect: deny}, $asking]"
            broker.admin.post("/v1/admin/policies", "text" to text).status shouldBe 201
            val shown = broker.admin.get("/v1/admin/policies")
            listOf("origin", "set_by", "since", "text").map { shown.text("in_force.$it") } shouldContainExactly
                listOf("api", "admin", "${broker.clock.instant()}", text)
            shown.at("in_force.rules").toString() shouldBe """[{"name":"no","action":["a","b.*"],"effect":"deny","terms":null},""" +
                """{"name":"two","action":["c"],"effect":"require_approval","terms":{"groups":["ops"]}}]"""
            shown.text("in_force.sha256")!!.length shouldBe 64
        }

        test("a wrong one is refused whole, with its place, and the other stays") {
            val before = broker.admin.get("/v1/admin/policies").json
            val refused = broker.admin.post("/v1/admin/policies", "text" to "version: 1\nrules: [{name: no, action: a, effect: perhaps}]")
            refused shouldBeRefusedWith (422 to "invalid")
            refused.wrongFields shouldContainExactly listOf("text")
            refused.text("detail")!! shouldContain "line 2, column 39: effect must be permit, require_approval or deny"
            broker.admin.get("/v1/admin/policies").json shouldBe before
        }

        test("only admins see or set it") {
            listOf(broker.approver().http, broker.requester().http).forEach {
                it.get("/v1/admin/policies") shouldBeRefusedWith (403 to "forbidden")
                it.post("/v1/admin/policies", "text" to "version: 1\nrules: []") shouldBeRefusedWith (403 to "forbidden")
            }
        }
    })
