package dev.sesame.broker.cli

import dev.sesame.broker.Browser
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.inbox.PasskeyBrowser
import dev.sesame.broker.inbox.originOf
import dev.sesame.broker.store.ids
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject

class AccessCommandsTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val terminal = Terminal("SESAME_BROKER_URL" to broker.url, "SESAME_APPROVER_TOKEN" to broker.admin.bearer!!)

        fun status(bearer: String, path: String) = Http(broker.url, bearer).get(path).status

        test("keys create makes a requester if new and prints its key once; list never does; revoke ends it") {
            val made = terminal.run("keys", "create", "--requester", "billing", "--json").well().json
            made.keys shouldBe setOf("requester", "key")
            val key = made.text("key")
            status(key, "/v1/approvals") shouldBe 200
            terminal.run("keys", "create", "--requester", "billing").well().out shouldContain "sk_live_sh_"
            val listed = terminal.run("keys", "list").well().out
            listed shouldContain "billing"
            listed shouldNotContain key
            val id = broker.admin.get("/v1/admin/keys").list("keys").single {
                it.text("last_four") == key.takeLast(4) &&
                    it.text("requester") == "billing"
            }
            terminal.run("keys", "revoke", id.text("id")).well()
            status(key, "/v1/approvals") shouldBe 401
        }

        test("keys create --test makes a test key beside the live one, and the list tells them apart") {
            val live = terminal.run("keys", "create", "--requester", "rehearsing", "--json").well().json.text("key")
            val made = terminal.run("keys", "create", "--requester", "rehearsing", "--test", "--json").well().json
            made.keys shouldBe setOf("requester", "key")
            made.text("key") shouldStartWith "sk_test_sh_"
            live shouldStartWith "sk_live_sh_"
            status(made.text("key"), "/v1/approvals") shouldBe 200
            terminal.run("keys", "create", "--requester", "rehearsing", "--test").well().out shouldContain "Test key of rehearsing"
            val listed = terminal.run("keys", "list").well().out.lines().filter { "rehearsing" in it }
            listed.count { " test " in it } shouldBe 2
            listed.single { " live " in it } shouldContain live.takeLast(4)
        }

        test("what a test key asks is in no list of the command line, and can't be shown, approved or taken back there") {
            val id = broker.testing().asked()
            terminal.run("list", "--json").well().out shouldNotContain id
            listOf("show", "approve", "deny", "cancel").forEach { terminal.run(it, id).badly("not_found") }
            terminal.run("resolve", id, "--outcome", "succeeded").badly("not_found")
        }

        test("requesters add and list") {
            terminal.run("requesters", "add", "shipping").well().out shouldContain "shipping"
            terminal.run("requesters", "list").well().out shouldContain "shipping"
            terminal.run("requesters", "list", "--json").well().json shouldBe broker.admin.get("/v1/admin/requesters").json
            terminal.run("requesters", "add", "shipping").badly("name_taken", "shipping")
        }

        test("requesters revoke ends all keys of the one that is named") {
            val keys = List(2) { terminal.run("keys", "create", "--requester", "mail", "--json").well().json.text("key") }
            repeat(2) { terminal.run("requesters", "revoke", "mail").well().out shouldContain "mail" }
            keys.forEach { status(it, "/v1/approvals") shouldBe 401 }
            terminal.run("requesters", "revoke", "nobody").badly("nobody")
        }

        test("approvers add prints the token once, list never does, remove ends it, by name or id") {
            val made = terminal.run("approvers", "add", "Ada", "--json").well().json
            made.keys shouldBe setOf("id", "name", "token")
            status(made.text("token"), "/v1/inbox") shouldBe 200
            val listed = terminal.run("approvers", "list").well().out
            listed shouldContain "Ada"
            listed shouldNotContain made.text("token")
            terminal.run("approvers", "remove", "Ada").well()
            status(made.text("token"), "/v1/inbox") shouldBe 401
            val other = terminal.run("approvers", "add", "Grace", "--json").well().json
            terminal.run("approvers", "remove", other.text("id")).well()
            status(other.text("token"), "/v1/inbox") shouldBe 401
        }

        test(
            "approvers link prints a link that signs in once; sessions list shows what came of it, never a secret; revoke and sign-out end it",
        ) {
            val kim = terminal.run("approvers", "add", "Kim", "--json").well().json.text("id")
            val link = terminal.run("approvers", "link", "Kim", "--json").well().json
            link.keys shouldBe setOf("name", "url", "expires_at")
            val browser = Browser(broker.url).also { it.signIn(link.text("url")) }
            val listed = terminal.run("sessions", "list").well().out
            listed shouldContain "Kim"
            listed shouldNotContain browser.cookie!!.substringAfter('=')
            val id = terminal.run("sessions", "list", "--json").well().json.let { it["sessions"] as JsonArray }.single() as JsonObject
            terminal.run("sessions", "revoke", id.text("id")).well()
            browser.get("/inbox").status shouldBe 401
            val other = Browser(broker.url).also {
                it.signIn(terminal.run("approvers", "link", kim).well().out.substringAfterLast(' ').trim())
            }
            terminal.run("approvers", "sign-out", "Kim").well().out shouldContain "1"
            other.get("/inbox").status shouldBe 401
            terminal.run("approvers", "link", "nobody").badly("nobody")
        }

        test("approvers passkeys lists an approver's, never a key; remove-passkeys ends them all") {
            terminal.run("approvers", "add", "Lin").well()
            val link = terminal.run("approvers", "link", "Lin", "--json").well().json.text("url")
            val own = PasskeyBrowser(Browser(originOf(broker.url)).also { it.signIn(link) }).also { it.add().status shouldBe 303 }
            terminal.run("approvers", "passkeys", "Lin").well().out shouldContain "Chrome on Linux"
            (terminal.run("approvers", "passkeys", "Lin", "--json").well().json["passkeys"] as JsonArray).single() as JsonObject
            terminal.run("approvers", "remove-passkeys", "Lin").well().out shouldContain "Ended 1"
            own.elsewhere().signIn().status shouldBe 403
            own.browser.get("/inbox").status shouldBe 200
            terminal.run("approvers", "remove-passkeys", "nobody").badly("nobody")
        }

        test("groups are added with members, listed, filled, emptied and ended, by name") {
            val fay = terminal.run("approvers", "add", "Fay", "--json").well().json.text("id")
            terminal.run("approvers", "add", "Gil").well()
            terminal.run("groups", "add", "finance", "--member", "Fay").well().out shouldContain "finance"
            terminal.run("groups", "add-member", "finance", "Gil").well().out shouldContain "Fay, Gil"
            terminal.run("groups", "remove-member", "finance", fay).well().out shouldContain "Gil"
            terminal.run("groups", "list").well().out.lines().single { "finance" in it } shouldContain "Gil"
            terminal.run("groups", "remove", "finance").well()
            terminal.run("groups", "list").well().out shouldNotContain "finance"
            terminal.run("groups", "list", "--all").well().out shouldContain "finance"
            terminal.run("groups", "add", "finance").well()
            terminal.run("groups", "remove", "finance").well()
            terminal.run("groups", "add-member", "finance", "Gil").badly("finance")
        }

        test("approvers join groups as they are added, and requesters get an owner") {
            terminal.run("groups", "add", "support").well()
            terminal.run("approvers", "add", "Sue", "--group", "support").well()
            terminal.run("approvers", "list").well().out.lines().single { "Sue" in it } shouldContain "support"
            terminal.run("approvers", "add", "Sid", "--group", "none").badly("none")
            terminal.run("requesters", "add", "sues", "--owner", "Sue", "--allow-self").well()
            terminal.run("requesters", "list").well().out.lines().single { "sues" in it } shouldContain "Sue"
            terminal.run("requesters", "add", "nobodys", "--owner", "nobody").badly("owner")
        }

        test("who isn't there can't be ended, nor can the last admin") {
            terminal.run("approvers", "remove", "nobody").badly("nobody")
            terminal.run("keys", "revoke", ids.key()).badly("keys")
            terminal.run("approvers", "remove", "admin").badly("last admin")
            terminal.run("approvers", "list").well()
        }

        test("an approver who is no admin manages nothing") {
            val approver = Terminal("SESAME_BROKER_URL" to broker.url, "SESAME_APPROVER_TOKEN" to broker.approver().http.bearer!!)
            approver.run("keys", "list").badly("forbidden")
            approver.run("approvers", "add", "x").badly("forbidden")
            approver.run("list").well()
        }
    })
