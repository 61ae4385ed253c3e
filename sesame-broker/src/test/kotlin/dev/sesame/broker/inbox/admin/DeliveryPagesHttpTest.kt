package dev.sesame.broker.inbox.admin

import dev.sesame.broker.Browser
import dev.sesame.broker.TestBroker
import dev.sesame.broker.delivery.Receiver
import dev.sesame.broker.delivery.Reply
import dev.sesame.broker.delivery.awaitThat
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class DeliveryPagesHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val admin = broker.adminBrowser()
        val links = Regex("""href="(/admin/deliveries/wh_[a-z2-7]{26})"""")

        fun Browser.listed(query: String): List<String> = links.findAll(get("/admin/deliveries?$query").text).map {
            it.groupValues[1]
        }.toList()

        fun deliveryOf(approvalId: String): String =
            broker.admin.get("/v1/admin/deliveries?approval_id=$approvalId").list("deliveries").single().getValue("id").toString().trim('"')

        fun awaitState(id: String, state: String) =
            awaitThat("$id is $state") { broker.admin.get("/v1/admin/deliveries/$id").text("state") == state }

        test("what failed shows every attempt with its status and answer, is sent again by one tap, and then is delivered") {
            Receiver { Reply(410, "gone <b>for good</b>\u202e") }.use { receiver ->
                val id = broker.requester().asked("callback_url" to receiver.url)
                broker.approver().approve(id)
                val delivery = deliveryOf(id)
                awaitState(delivery, "failed")
                val page = admin.get("/admin/deliveries/$delivery")
                listOf(receiver.url, "410", "gone &lt;b&gt;for good", "\\u202e", "failed").forEach { page.text shouldContain it }
                page.text shouldNotContain "\u202e"
                receiver.answer = { Reply(204) }
                val seen = page.hidden("attempts")
                admin.after(admin.post("/admin/deliveries/$delivery/redeliver", "attempts" to seen)).text shouldContain "sent again now"
                receiver.await(2).map { it.id }.toSet().size shouldBe 1
                awaitState(delivery, "delivered")
                admin.get("/admin/deliveries/$delivery").text shouldContain "an empty answer"

                admin.after(admin.post("/admin/deliveries/$delivery/redeliver", "attempts" to seen)).text shouldContain
                    "Nothing was changed: it was sent again"
                broker.admin.get("/v1/admin/deliveries/$delivery").text("attempt_count") shouldBe "2"
            }
        }

        test("the list is narrowed by state, endpoint and requester, and a filter that is none is as if it weren't there") {
            val requester = broker.requester()
            val endpoint = broker.admin.post(
                "/v1/admin/endpoints",
                "requester" to requester.name,
                "url" to "https://hooks.example/held",
            ).text("id")!!
            broker.admin.post("/v1/admin/endpoints/$endpoint/disable").status shouldBe 200
            val asked = List(3) { requester.asked("callback_url" to "https://hooks.example/held") }.onEach { broker.approver().approve(it) }
            val own = asked.map { "/admin/deliveries/${deliveryOf(it)}" }
            admin.listed("endpoint=$endpoint") shouldContainExactlyInAnyOrder own
            admin.listed("state=held") shouldContainExactlyInAnyOrder own
            admin.listed("endpoint=$endpoint&state=failed") shouldBe emptyList()
            admin.listed("state=lost&endpoint=x&after=x&requester=x").containsAll(own) shouldBe true
            admin.get(own[0]).text shouldContain "It waits until its endpoint is turned on"
            admin.get(own[0]).text shouldNotContain "Send again"
        }

        test("more than a page goes on where the last one ended") {
            TestBroker().use { many ->
                val requester = many.requester()
                many.admin.post(
                    "/v1/admin/endpoints",
                    "requester" to requester.name,
                    "url" to "https://hooks.example/held",
                ).text("id")!!.let {
                    many.admin.post("/v1/admin/endpoints/$it/disable").status shouldBe 200
                }
                val approver = many.approver()
                repeat(30) { approver.approve(requester.asked("callback_url" to "https://hooks.example/held")) }
                val browser = many.adminBrowser()
                val first = browser.get("/admin/deliveries?state=held").text
                val next = Regex(
                    """href="/admin/deliveries\?(state=held&amp;after=[^"]*)"""",
                ).find(first)!!.groupValues[1].replace("&amp;", "&")
                val all = links.findAll(first).map { it.groupValues[1] }.toList() + browser.listed(next)
                (all.size to all.toSet().size) shouldBe (30 to 30)
            }
        }
    })
