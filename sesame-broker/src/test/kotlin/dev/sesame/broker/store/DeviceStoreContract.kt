package dev.sesame.broker.store

import dev.sesame.broker.access.Approver
import dev.sesame.broker.notice.NoticeKind
import dev.sesame.broker.notice.NoticeState
import dev.sesame.broker.notice.push.Device
import dev.sesame.broker.notice.push.Subscription
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import java.time.Instant

/** What every adapter of [DeviceStore] promises, and the stores of sessions and approvers about devices. */
internal abstract class DeviceStoreContract(fresh: () -> Stores) :
    FunSpec({
        val stores = autoClose(fresh()).also { it.channels = setOf("push") }
        val store = stores.devices

        fun subscription() = Subscription("https://push.example/${ids.bare()}", "key ${ids.bare()}", "auth")

        fun device(approver: Approver, session: String = ids.session(), subscription: Subscription = subscription(), at: Instant = start) =
            Device(ids.device(), approver.id, session, "a browser", at, at, subscription)

        suspend fun on(device: Device): Device = store.turnOn(device, 20).shouldNotBeNull()

        suspend fun isContact(id: String) = stores.notices.contact("push", id) != null

        fun seen(device: Device, subscription: Subscription = device.subscription!!, session: String = device.sessionId) =
            Seen(device.approverId, session, "a newer browser", subscription, start.plusSeconds(60))

        test("one that is turned on is a contact, and there after a restart") {
            val device = on(device(stores.approver()))
            stores.reopen()
            store.device(device.id) shouldBe device
            store.list(device.approverId) shouldContainExactly listOf(device)
            stores.notices.contact("push", device.id)?.approverId shouldBe device.approverId
        }

        test("on again in the same session, or at the same endpoint: the same device as it is now") {
            val first = on(device(stores.approver()))
            val approver = stores.access.approver(first.approverId)!!
            val again = on(device(approver, first.sessionId, at = start.plusSeconds(9)))
            again.copy(createdAt = first.createdAt, id = first.id) shouldBe again
            val elsewhere = on(device(approver, subscription = again.subscription!!))
            elsewhere.id shouldBe first.id
            store.list(first.approverId) shouldContainExactly listOf(elsewhere)
        }

        test("turned on by another at the same endpoint: theirs, under a new id") {
            val first = on(device(stores.approver()))
            val second = on(device(stores.approver(), subscription = first.subscription!!))
            store.device(first.id).shouldBeNull()
            isContact(first.id) shouldBe false
            isContact(second.id) shouldBe true
        }

        test("no more than so many are on; lost ones make room and go") {
            val approver = stores.approver()
            val devices = List(2) { on(device(approver)) }
            val third = device(approver)
            store.turnOn(third, 2).shouldBeNull()
            store.lose(devices[0], "gone", start)
            store.turnOn(third, 2) shouldBe third
            store.device(devices[0].id).shouldBeNull()
        }

        test("a visit is kept, with a new endpoint and session; by its endpoint it is known whatever the id") {
            val device = on(device(stores.approver()))
            val fresh = subscription()
            val session = ids.session()
            val renewed = store.renew(device.id, seen(device, fresh, session)).shouldNotBeNull()
            renewed shouldBe device.copy(
                sessionId = session,
                browser = "a newer browser",
                seenAt = start.plusSeconds(60),
                subscription = fresh,
            )
            store.device(device.id) shouldBe renewed
            store.renew("", seen(renewed))?.id shouldBe device.id
            store.renew(ids.device(), seen(device, subscription())).shouldBeNull()
        }

        test("another's visit removes it") {
            val device = on(device(stores.approver()))
            store.renew(device.id, seen(device).copy(approverId = stores.approver().id)).shouldBeNull()
            store.device(device.id).shouldBeNull()
            isContact(device.id) shouldBe false
        }

        test("lost: no contact, with the reason, until it is seen again; one that moved meanwhile isn't lost") {
            val device = on(device(stores.approver()))
            store.lose(device, "answered 410", start)
            store.device(device.id) shouldBe device.copy(subscription = null, lost = "answered 410")
            isContact(device.id) shouldBe false
            val back = store.renew(device.id, seen(device, subscription())).shouldNotBeNull()
            isContact(device.id) shouldBe true
            store.lose(device, "answered 410", start)
            store.device(device.id) shouldBe back
        }

        test("removed by its approver alone") {
            val device = on(device(stores.approver()))
            store.remove(device.id, stores.approver().id, start) shouldBe false
            store.remove(device.id, device.approverId, start) shouldBe true
            store.remove(device.id, device.approverId, start) shouldBe false
            isContact(device.id) shouldBe false
        }

        test("an approver who is revoked, or whose sessions are all ended, has none") {
            val (gone, out) = List(2) { on(device(stores.approver())) }
            stores.access.revokeApprover(gone.approverId, start)
            stores.sessions.endAll(out.approverId, start)
            listOf(gone, out).forEach {
                store.list(it.approverId).shouldBeEmpty()
                isContact(it.id) shouldBe false
            }
        }

        test("whether it was told of an approval by a message of its own") {
            val device = on(device(stores.approver()))
            val asked = stores.opened(question(stores.requester()))
            store.wasToldAlone(asked.id, device.id) shouldBe false
            val notice = stores.notices.noticesOf(asked.id, 1_000).single { it.contact.address == device.id && it.kind == NoticeKind.ASKED }
            stores.notices.record(listOf(notice.seq), Attempted(NoticeState.SENT, "in one message with 7 others"), start)
            store.wasToldAlone(asked.id, device.id) shouldBe false
            stores.notices.record(listOf(notice.seq), Attempted(NoticeState.SENT, null), start)
            store.wasToldAlone(asked.id, device.id) shouldBe true
            store.wasToldAlone(asked.id, on(device(stores.approver())).id) shouldBe false
        }
    })
