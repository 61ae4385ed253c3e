package dev.sesame.broker.inbox

import dev.sesame.broker.BrokerConfig
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.browser
import dev.sesame.broker.groupOf
import dev.sesame.broker.http.shouldBeOk
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.time.Duration
import java.time.Instant

class ExtendPageHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())
        val requester = broker.requester()
        val approver = broker.approver()
        val browser = broker.browser(approver)
        val choice = Regex("""<option value="(\d[^"]*Z)">([^<]*)<""")
        fun ends(id: String): Instant = Instant.parse(requester.read(id).text("expires_at"))
        fun choices(id: String) = choice.findAll(browser.get("/approvals/$id").text).map { it.groupValues[1] to it.groupValues[2] }.toList()

        test("an hour to three days more are offered, as far as they may be; who gave it stands in the story") {
            val id = requester.asked("expires_in" to 3_600)
            val before = ends(id)
            choices(id).map { it.second } shouldBe listOf("1 hour more", "4 hours more", "1 day more", "3 days more")
            val (until, _) = choices(id).first()
            browser.post("/approvals/$id/extend", "until" to until).header("Location") shouldBe "/approvals/$id"
            ends(id) shouldBe before + Duration.ofHours(1)
            browser.get("/approvals/$id").text shouldContain "${approver.name} gave it more time"
        }

        test("a second tap adds nothing to the first, and two people who give the same give it once") {
            val id = requester.asked("expires_in" to 3_600)
            val (until, _) = choices(id)[1]
            val other = broker.browser(broker.approver()).also { it.get("/approvals/$id") }
            listOf(browser, browser, other).forEach { it.post("/approvals/$id/extend", "until" to until).status shouldBe 303 }
            ends(id) shouldBe Instant.parse(until)
            "gave it more time".toRegex().findAll(browser.get("/approvals/$id").text).count() shouldBe 1
        }

        test("what is too early, too late or no time is said beside the choice, and changes nothing") {
            val id = requester.asked("expires_in" to 3_600)
            val before = ends(id)
            listOf(
                "" to "Choose how much",
                "soon" to "Choose how much",
                "+1000000000-12-31T23:59:59Z" to "at most",
                "${before.minusSeconds(1)}" to "beyond the present expiry",
                "${before.plus(Duration.ofDays(7))}" to "at most",
            ).forEach { (until, words) ->
                withClue(until) {
                    browser.get("/approvals/$id")
                    val answer = browser.post("/approvals/$id/extend", "until" to until)
                    answer.status shouldBe 422
                    answer.text shouldContain words
                    ends(id) shouldBe before
                }
            }
            browser.post("/approvals/$id/extend", "until" to "${before.plusSeconds(60)}", "form" to "x").status shouldBe 403
            ends(id) shouldBe before
        }

        test("near the limit what is left is offered, and at it the page says so") {
            val id = requester.asked("expires_in" to Duration.ofDays(7).toSeconds() - 1_800)
            choices(id).map { it.second } shouldBe listOf("As much as there may be, 30 minutes")
            browser.post("/approvals/$id/extend", "until" to choices(id).single().first).status shouldBe 303
            choices(id).shouldBeEmpty()
            browser.get("/approvals/$id").text shouldContain "It may be open for 7 days after the asking at most"
        }

        test("after twenty times the page says so") {
            val id = requester.asked("expires_in" to 3_600)
            val path = "/v1/approvals/$id/extend"
            (1..20).forEach { approver.http.post(path, "expires_in" to 3_600 + it * 60).shouldBeOk() }
            choices(id).shouldBeEmpty()
            browser.get("/approvals/$id").text shouldContain "20 times already"
        }

        test("an admin who isn't asked may; who isn't in the group may not, nor anybody once it is decided") {
            val id = requester.asked("expires_in" to 3_600, "groups" to listOf(broker.groupOf(approver)))
            val (until, _) = choices(id).first()
            val stranger = broker.browser(broker.approver()).also { it.get("/sessions") }
            stranger.post("/approvals/$id/extend", "until" to until).status shouldBe 404
            val admin = broker.browser(broker.approver("admin"))
            admin.get("/approvals/$id").text.let {
                it shouldContain "id=\"more-time\""
                it shouldNotContain "id=\"answer\""
            }
            admin.post("/approvals/$id/extend", "until" to until).status shouldBe 303
            ends(id) shouldBe Instant.parse(until)
            approver.approve(id)
            browser.get("/approvals/$id").text shouldNotContain "id=\"more-time\""
            browser.post("/approvals/$id/extend", "until" to "${Instant.parse(until).plusSeconds(60)}").status shouldBe 303
            ends(id) shouldBe Instant.parse(until)
        }

        test("where the broker gives no more time, the page says so") {
            ClockedBroker(config = BrokerConfig(extendWithin = Duration.ZERO)).use { strict ->
                val id = strict.requester().asked()
                strict.browser(strict.approver()).get("/approvals/$id").text shouldContain "This broker gives no request more time"
            }
        }
    })
