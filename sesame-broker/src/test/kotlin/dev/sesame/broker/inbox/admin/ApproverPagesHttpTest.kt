package dev.sesame.broker.inbox.admin

import dev.sesame.broker.Browser
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith

class ApproverPagesHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val admin = broker.adminBrowser()

        fun add(name: String, role: String, id: String = admin.get("/admin/approvers").hidden("id")) =
            admin.post("/admin/approvers", "id" to id, "name" to name, "role" to role)

        test("an approver is added, and the link that is shown this once signs them in") {
            val made = add("Kim", "approver")
            made.status shouldBe 200
            val link = made.secret()
            link shouldStartWith "${broker.url}/sign-in/sl_"
            admin.get("/admin/approvers").text.also {
                it shouldContain "Kim"
                it shouldNotContain link.substringAfterLast('/')
            }
            val kim = Browser(broker.url).also { it.signIn(link) }
            kim.get("/inbox").status shouldBe 200
            kim.get("/admin/approvers").status shouldBe 403
        }

        test("added by two taps there is one, and the link that is seen last is the one that works") {
            val id = admin.get("/admin/approvers").hidden("id")
            val links = List(2) { add("Ada", "admin", id).secret() }
            links[0] shouldNotBe links[1]
            Browser(broker.url).also { it.get("/sign-in/x") }.post("/sign-in", "link" to links[0].substringAfterLast('/')).status shouldBe
                403
            Browser(broker.url).also { it.signIn(links[1]) }.get("/admin/approvers").status shouldBe 200
            broker.admin.get("/v1/admin/approvers").list("approvers").count { "\"Ada\"" in it.toString() } shouldBe 1
        }

        test("a name that is taken and a role that is none are refused at their fields, with what was typed") {
            add("Taken", "approver").status shouldBe 200
            add("Taken", "admin").run {
                status shouldBe 422
                text shouldContain "The name Taken is taken. Nothing was changed."
                text shouldContain """<option value="admin" selected="selected">"""
            }
            add("Somebody", "owner").text shouldContain "Role must be one of approver, admin"
        }

        test("a new link takes the place of the one before; signing out everywhere ends sessions and the link on its way") {
            val person = broker.approver()
            val browser = broker.browser(person)
            val path = "/admin/approvers/${person.id}"
            admin.get(path).text shouldContain "Active sessions: 1"
            val link = admin.post("$path/link").secret()
            admin.after(admin.post("$path/sign-out")).text shouldContain "Signed out everywhere"
            browser.get("/inbox").status shouldBe 401
            Browser(broker.url).also { it.get("/sign-in/x") }.post("/sign-in", "link" to link.substringAfterLast('/')).status shouldBe 403
            admin.get("$path/link").header("Location") shouldBe path
        }

        test("ending an access says what ends, and ends it: sessions, token, and the name stays in the list") {
            val person = broker.approver()
            val browser = broker.browser(person)
            val path = "/admin/approvers/${person.id}"
            admin.get("$path/revoke").text shouldContain "Active sessions: 1"
            admin.after(admin.post("$path/revoke")).text shouldContain "access has ended"
            browser.get("/inbox").status shouldBe 401
            person.http.get("/v1/approvals").status shouldBe 401
            admin.post("$path/link").status shouldBe 404
            admin.get("/admin/approvers").text shouldContain person.name
            admin.get(path).text shouldNotContain "New sign-in link"
        }

        test("the last admin stays, and the page says why; another one may go, be it oneself") {
            ClockedBroker().use { alone ->
                val id = alone.admin.get("/v1/admin/approvers").list("approvers").single().getValue("id").toString().trim('"')
                val link = alone.admin.post("/v1/admin/approvers/$id/link").text("url")!!
                val browser = Browser(alone.url).also { it.signIn(link) }
                val path = "/admin/approvers/$id/revoke"
                browser.get(path).text shouldContain "This is you"
                browser.post(path).run {
                    status shouldBe 422
                    text shouldContain "The last admin stays: make another one first. Nothing was changed."
                }
                browser.get("/admin/approvers").status shouldBe 200
                alone.approver("admin")
                browser.get(path)
                browser.post(path).status shouldBe 303
                browser.get("/admin/approvers").status shouldBe 401
            }
        }

        test("without a bot there is no code to make") {
            val path = "/admin/approvers/${broker.approver().id}"
            admin.get(path).text shouldNotContain "Telegram"
            admin.post("$path/telegram").status shouldBe 404
        }
    })
