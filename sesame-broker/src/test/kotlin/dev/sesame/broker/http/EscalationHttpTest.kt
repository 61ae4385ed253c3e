package dev.sesame.broker.http

import dev.sesame.broker.Browser
import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.groupOf
import dev.sesame.broker.notice.telegram.TelegramBroker
import dev.sesame.broker.signInLink
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonNull
import java.util.concurrent.TimeUnit.SECONDS

/** What becomes of a request that nobody answers in time, where a rule says who else is asked. */
class EscalationHttpTest :
    FunSpec({
        test(
            "those of the escalation may answer once it is due: live, in the story, while waits go on; the feed tells the decision alone",
        ) {
            TelegramBroker(publicUrl = null).use { broker ->
                val (ann, bob) = List(2) { broker.approver() }
                val (first, later) = listOf(broker.groupOf(ann), broker.groupOf(bob))
                broker.askOn("groups: [\"$first\"]", "escalation: {after: 600, groups: [\"$later\"]}")
                val requester = broker.requester()
                val feed = Feed(requester.http).also { it.next().name shouldBe "ready" }
                val inbox = Feed(bob.http, path = "/v1/inbox/stream").also { it.next().name shouldBe "ready" }
                val id = requester.asked()
                val waiting = requester.http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=50")
                bob.http.get("/v1/approvals/$id") shouldBeRefusedWith (404 to "not_found")
                bob.decide(id, "approve") shouldBeRefusedWith (403 to "not_in_group")
                bob.http.get("/v1/inbox").ids.shouldBeEmpty()
                val page = Browser(broker.url).also { it.signIn(broker.signInLink(ann)) }
                page.get("/approvals/$id").shouldBeOk().text shouldContain "may answer it too."

                val terminal = Terminal("SESAME_BROKER_URL" to broker.url, "SESAME_APPROVER_TOKEN" to broker.admin.bearer!!)
                val due = broker.clock.instant().plusSeconds(600)
                terminal.run("show", id).well().out shouldContain "from $due on also asks $later"

                broker.clock.moveSeconds(600)
                inbox.next().let { (it.name to it.text("approval_id")) shouldBe ("changed" to id) }
                val escalated = bob.http.get("/v1/approvals/$id").shouldBeOk()
                "${escalated.at("groups")}" shouldBe "[\"$first\",\"$later\"]"
                escalated.text("escalation.escalated_at") shouldBe "${broker.clock.instant()}"
                page.get("/approvals/$id").shouldBeOk().text shouldContain "so it was escalated: people of"
                waiting.isDone shouldBe false
                terminal.run("show", id).well().out shouldContain "also asks $later, since ${broker.clock.instant()}"
                bob.approve(id).text("status") shouldBe "approved"
                waiting.get(20, SECONDS).text("status") shouldBe "approved"
                feed.next().let { (it.name to it.text("approval_id")) shouldBe ("decision" to id) }
                listOf(feed, inbox).forEach { it.close() }

                broker.admin.get("/v1/admin/audit?limit=100").list("entries").map { it.getValue("fact").toString() }
                    .count { it == "\"approval.escalated\"" } shouldBe 1
                broker.nobody.get("/metrics").text shouldContain "sesame_transitions_total{event=\"escalated\",mode=\"live\"} 1"
            }
        }

        test("one that fell due while the broker was away escalates at the next start; one that was decided or is over never does") {
            var broker = TelegramBroker()
            try {
                val (ann, bob) = List(2) { broker.approver() }
                val (first, later) = listOf(broker.groupOf(ann), broker.groupOf(bob))
                broker.askOn("groups: [\"$first\"]", "escalation: {after: 600, groups: [\"$later\"]}")
                val requester = broker.requester()
                val due = requester.asked()
                val denied = requester.asked().also { ann.decide(it, "deny") }
                val over = requester.asked("expires_in" to 600)
                broker.clock.moveSeconds(599)
                broker.admin.get("/v1/approvals/$due").at("escalation.escalated_at") shouldBe JsonNull
                broker.close()
                broker = TelegramBroker(broker.telegram, broker.clock.also { it.moveSeconds(900) }, broker.path)
                val again = broker
                awaitThat("it has escalated") { again.admin.get("/v1/approvals/$due").at("escalation.escalated_at") != JsonNull }
                again.awaitStatus(over, "expired").at("escalation.escalated_at") shouldBe JsonNull
                again.admin.get("/v1/approvals/$denied").at("escalation.escalated_at") shouldBe JsonNull
                again.admin.get("/v1/approvals/$due").text("escalation.escalated_at") shouldBe "${again.clock.instant()}"
            } finally {
                broker.close()
            }
        }
    })
