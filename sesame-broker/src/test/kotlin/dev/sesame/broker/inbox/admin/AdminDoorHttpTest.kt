package dev.sesame.broker.inbox.admin

import dev.sesame.broker.Browser
import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain

/** Who may come to the admin's pages, and whose forms count there. */
class AdminDoorHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val other = broker.approver()
        val endpoint = broker.admin.post(
            "/v1/admin/endpoints",
            "requester" to requester.name,
            "url" to "https://hooks.example/",
        ).text("id")!!
        val requesterId = broker.admin.get("/v1/admin/requesters").list("requesters").last().getValue("id").toString().trim('"')
        val pages = listOf("requesters", "approvers", "endpoints", "deliveries", "channels").map { "/admin/$it" } + listOf(
            "/admin/requesters/$requesterId",
            "/admin/requesters/$requesterId/revoke",
            "/admin/keys/${requester.keyId}/revoke",
            "/admin/approvers/${other.id}",
            "/admin/approvers/${other.id}/revoke",
            "/admin/endpoints/$endpoint",
        )
        val forms = listOf(
            "/admin/requesters",
            "/admin/requesters/$requesterId/keys",
            "/admin/requesters/$requesterId/revoke",
            "/admin/keys/${requester.keyId}/revoke",
            "/admin/approvers",
            "/admin/approvers/${other.id}/link",
            "/admin/approvers/${other.id}/sign-out",
            "/admin/approvers/${other.id}/telegram",
            "/admin/approvers/${other.id}/telegram/unlink",
            "/admin/approvers/${other.id}/revoke",
            "/admin/endpoints",
            "/admin/endpoints/$endpoint/rotate",
            "/admin/endpoints/$endpoint/disable",
            "/admin/endpoints/$endpoint/enable",
            "/admin/deliveries/${ids.delivery()}/redeliver",
            "/admin/channels/telegram/test",
        )

        /** All that these forms could change, as the admin's calls tell it. */
        fun everything() = listOf("requesters", "keys", "approvers", "endpoints").map { broker.admin.get("/v1/admin/$it").text }

        test("an admin sees every page, with what leads to the others; the bar says where they are") {
            val admin = broker.adminBrowser()
            pages.forEach { path ->
                val page = admin.get(path)
                withClue(path) { page.status shouldBe 200 }
                page.text shouldContain "<nav class=\"parts\" aria-label=\"Admin\">"
                page.text shouldContain "href=\"/admin\" aria-current=\"true\""
                page.header("Cache-Control") shouldBe "no-store"
            }
            admin.after(admin.get("/admin")).text shouldContain "href=\"/admin/requesters\" aria-current=\"page\""
            admin.get("/inbox").text shouldContain "href=\"/inbox\" aria-current=\"page\""
            admin.get("/inbox?show=decided").text shouldContain "href=\"/inbox?show=decided\" aria-current=\"page\""
        }

        test("an approver without the role is told so, has no link to them, and changes nothing") {
            val browser = broker.browser(other)
            browser.get("/inbox").text shouldNotContain "/admin"
            val before = everything()
            browser.get("/sessions") // for a form token of their own
            pages.forEach {
                browser.get(it).run { withClue(it) { status shouldBe 403 } }.also { _ ->
                    browser.get(it).text shouldContain
                        "For admins only"
                }
            }
            browser.get("/sessions")
            forms.forEach { withClue(it) { browser.post(it, "name" to "x", "url" to "https://x.example/").status shouldBe 403 } }
            browser.get("/sessions").status shouldBe 200
            everything() shouldBe before
        }

        test("who isn't signed in gets the way to sign in, and changes nothing") {
            val before = everything()
            val nobody = Browser(broker.url)
            pages.forEach { path -> nobody.get(path).run { withClue(path) { status shouldBe 401 } } }
            forms.forEach { withClue(it) { nobody.post(it, "form" to "x").status shouldBe 401 } }
            nobody.get("/admin/requesters").text shouldContain "You are not signed in"
            everything() shouldBe before
        }

        test("a form without its token, with another session's, or from another site changes nothing") {
            val admin = broker.adminBrowser()
            val foreign = broker.adminBrowser().get("/admin/requesters").hidden("form")
            val own = admin.get("/admin/requesters").hidden("form")
            val before = everything()
            val elsewhere = listOf(
                arrayOf("Origin" to "https://evil.example", "Sec-Fetch-Site" to "cross-site"),
                arrayOf("Origin" to "https://evil.example"),
                arrayOf("Sec-Fetch-Site" to "same-site"),
                emptyArray(),
            )
            forms.forEach { path ->
                listOf("", foreign).forEach { withClue("$path $it") { admin.post(path, "form" to it, "name" to "x").status shouldBe 403 } }
                elsewhere.forEach { withClue(path) { admin.post(path, "form" to own, "name" to "x", headers = it).status shouldBe 403 } }
            }
            everything() shouldBe before
        }

        test("an admin whose access ended is nobody here, at once") {
            val gone = broker.approver("admin")
            val browser = broker.browser(gone)
            browser.get("/admin/requesters").status shouldBe 200
            broker.admin.post("/v1/admin/approvers/${gone.id}/revoke").status shouldBe 200
            browser.post("/admin/requesters", "name" to "too late").status shouldBe 401
            broker.admin.get("/v1/admin/requesters").text shouldNotContain "too late"
        }

        test("what isn't there is a page that says so") {
            val admin = broker.adminBrowser()
            listOf("requesters/x", "keys/x/revoke", "approvers/x", "approvers/x/revoke", "endpoints/x", "deliveries/x").forEach {
                withClue(it) { admin.get("/admin/$it").status shouldBe 404 }
            }
            admin.get("/admin/requesters")
            forms.filter { "x" !in it }.map { it.replace(Regex("(rq|key|pe|ep|wh)_[a-z2-7]{26}"), "x") }.filter { "/x" in it }.forEach {
                withClue(it) { admin.post(it).status shouldBe 404 }
            }
        }

        test("an address that names no id leads back within these pages, whatever it holds") {
            val admin = broker.adminBrowser()
            listOf("%0d%0aSet-Cookie:%20x=1", "%2f%2fevil.example", "..%2f..", "%00").forEach { odd ->
                admin.get("/admin/requesters/$odd").status shouldBe 404
                val answer = admin.get("/admin/requesters/$odd/keys")
                withClue(answer) { answer.status shouldBe 303 }
                answer.header("Location")!! shouldMatch "/admin/requesters/[^/\\s]+"
                answer.header("Set-Cookie") shouldBe null
            }
        }

        test("what the pages say is done is one of their own sentences, never the address's") {
            val admin = broker.adminBrowser()
            admin.get("/admin/requesters?done=signed-out").text shouldContain "Signed out everywhere"
            admin.get("/admin/requesters?done=Call%20this%20number").text.let {
                it shouldNotContain "Call this number"
                it shouldNotContain "class=\"done\""
            }
        }
    })
