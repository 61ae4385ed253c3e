package dev.sesame.broker.notice.push

import dev.sesame.broker.Browser
import dev.sesame.broker.browser
import dev.sesame.broker.delivery.Reply
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.signInLink
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

/** What begins, renews, moves and ends a device. */
class DevicesTest :
    FunSpec({
        val broker = autoClose(PushBroker())
        autoClose(broker.service)

        fun PushedDevice.isTold(): Boolean {
            val id = broker.requester().asked()
            val mine = broker.notices(id, approver).filter { it.word("kind") == "asked" }
            if (mine.isNotEmpty()) broker.awaitNotice(id, "asked", "sent", approver)
            return mine.isNotEmpty()
        }

        fun Browser.renew(device: PushedDevice, agent: UserAgent = device.agent) = get("/sessions").let {
            post("/devices/renew", *agent.fields(device.id))
        }

        test("signing out ends the device of that session, and no other") {
            val kim = broker.device()
            val phone = broker.device(kim.approver)
            kim.browser.get("/sessions")
            kim.browser.post("/sign-out").shouldBeOk()
            phone.isTold() shouldBe true
            kim.received.shouldBeEmpty()
            val again = broker.browser(kim.approver)
            withClue("what was signed out isn't on again by itself") { again.renew(kim).status shouldBe 404 }
        }

        test("a session that is ended elsewhere, by its person, by an admin or all at once, takes its device with it") {
            val ends = listOf<(PushedDevice) -> Unit>(
                { device ->
                    val other = broker.browser(device.approver)
                    val session = Regex("/sessions/(ss_[a-z2-7]{26})/end").find(other.get("/sessions").text)!!.groupValues[1]
                    other.post("/sessions/$session/end").status shouldBe 303
                },
                { device ->
                    val sessions = broker.admin.get("/v1/admin/sessions").list("sessions")
                    val session = sessions.single { it.word("approver") == device.approver.name }.word("id")
                    broker.admin.post("/v1/admin/sessions/$session/revoke").shouldBeOk()
                },
                { device ->
                    device.browser.get("/sessions")
                    device.browser.post("/sessions/end").shouldBeOk()
                },
                { device -> broker.admin.post("/v1/admin/approvers/${device.approver.id}/sign-out").shouldBeOk() },
                { device -> broker.admin.post("/v1/admin/approvers/${device.approver.id}/revoke").shouldBeOk() },
            )
            ends.forEachIndexed { at, end ->
                val device = broker.device()
                end(device)
                withClue("way $at") { device.isTold() shouldBe false }
            }
        }

        test("time alone ends a session and not its device, which calls its person back; the next sign-in takes it over") {
            val kim = broker.device()
            broker.clock.moveSeconds(13 * 3_600)
            kim.browser.get("/inbox").status shouldBe 401
            kim.isTold() shouldBe true
            kim.browser.signIn(broker.signInLink(kim.approver))
            kim.browser.renew(kim).text shouldBe kim.id
            kim.browser.get("/sessions")
            kim.browser.post("/sign-out").shouldBeOk()
            kim.isTold() shouldBe false
        }

        test("signing out everywhere ends devices, too, whose sessions time has ended") {
            val kim = broker.device()
            broker.clock.moveSeconds(13 * 3_600)
            broker.admin.post("/v1/admin/approvers/${kim.approver.id}/sign-out").shouldBeOk()
            kim.isTold() shouldBe false
        }

        test("a browser that another person turns on is theirs, and its former person is told there no more") {
            val kim = broker.device()
            val pending = broker.requester().asked("expires_in" to 1_000)
            kim.await()
            val ada = broker.device(agent = kim.agent)
            (ada.id == kim.id) shouldBe false
            broker.clock.moveSeconds(500)
            broker.awaitNotice(pending, "half_time", "dropped", kim.approver).word("detail") shouldBe "unlinked"
            kim.isTold() shouldBe false
            kim.browser.get("/devices").text shouldNotContain kim.id
            ada.isTold() shouldBe true
        }

        test("another person's visit with a browser that is on ends it, and doesn't turn it on for them") {
            val kim = broker.device()
            val ada = broker.browser(broker.approver())
            ada.renew(kim).status shouldBe 404
            kim.isTold() shouldBe false
            ada.get("/devices").text shouldNotContain "dv_"
        }

        test("a visit brings a new address and new keys: the device keeps its id, and the old address hears no more") {
            val kim = broker.device()
            val fresh = UserAgent.at(broker.serviceUrl)
            kim.browser.renew(kim, fresh).text shouldBe kim.id
            val now = PushedDevice(broker, kim.approver, kim.browser, fresh).also { it.id = kim.id }
            now.isTold() shouldBe true
            now.await()
            kim.received.shouldBeEmpty()
        }

        test("one that the push service gave up is on again after the next visit there") {
            val kim = broker.device()
            broker.service.answer = { if (it.path == kim.agent.path) Reply(410) else Reply(201) }
            val id = broker.requester().asked()
            broker.awaitNotice(id, "asked", "failed", kim.approver)
            broker.service.answer = { Reply(201) }
            val fresh = UserAgent.at(broker.serviceUrl)
            kim.browser.renew(kim, fresh).text shouldBe kim.id
            kim.browser.get("/devices").text shouldNotContain "Not told any more"
            kim.isTold() shouldBe true
        }

        test("turned on again in the same session: one device, not two") {
            val kim = broker.device()
            val fresh = PushedDevice(broker, kim.approver, kim.browser, UserAgent.at(broker.serviceUrl)).also { it.turnOn() }
            fresh.id shouldBe kim.id
            val id = broker.requester().asked()
            broker.notices(id, kim.approver).filter { it.word("kind") == "asked" } shouldHaveSize 1
        }

        test("removed: told no more, and not on again by a visit; nobody removes another's") {
            val kim = broker.device()
            val stranger = broker.browser(broker.approver())
            stranger.get("/sessions")
            stranger.post("/devices/${kim.id}/remove").status shouldBe 303
            kim.isTold() shouldBe true
            kim.browser.get("/devices")
            kim.browser.post("/devices/${kim.id}/remove").header("Location") shouldBe "/devices"
            kim.isTold() shouldBe false
            kim.browser.renew(kim).status shouldBe 404
        }

        test("at most 20 devices, and the answer says so; removing one makes room") {
            val approver = broker.approver()
            val first = List(Devices.MOST) { broker.device(approver) }.first()
            val more = broker.browser(approver)
            more.get("/sessions")
            val agent = UserAgent.at(broker.serviceUrl)
            more.post("/devices", *agent.fields()).let {
                it.status shouldBe 409
                it.text shouldContain "at most 20 devices"
            }
            more.get("/devices")
            more.post("/devices/${first.id}/remove").status shouldBe 303
            more.post("/devices", *agent.fields()).shouldBeOk()
        }

        test("a test reaches the device at once, and says what came of it; nobody tests another's") {
            val kim = broker.device()
            kim.browser.get("/devices")
            kim.browser.post("/devices/${kim.id}/test").shouldBeOk().text shouldContain "The push service took the test"
            kim.await().single().word("title") shouldBe "Notices arrive on this device"
            val stranger = broker.browser(broker.approver())
            stranger.get("/sessions")
            stranger.post("/devices/${kim.id}/test").text shouldContain "There is no such device"
            kim.browser.post("/devices/${kim.id}/test").text shouldContain "a moment ago"
            broker.clock.moveSeconds(10)
            broker.service.answer = { Reply(410) }
            kim.browser.post("/devices/${kim.id}/test").text shouldContain "told no more"
            broker.service.answer = { Reply(201) }
            kim.received shouldHaveSize 2
        }
    })
