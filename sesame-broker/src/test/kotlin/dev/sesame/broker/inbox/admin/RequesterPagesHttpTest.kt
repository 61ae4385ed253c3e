package dev.sesame.broker.inbox.admin

import dev.sesame.broker.Browser
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith

class RequesterPagesHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val admin = broker.adminBrowser()

        /** Adds one by the form; returns its page's address. */
        fun Browser.added(name: String): String {
            val id = get("/admin/requesters").hidden("id")
            post("/admin/requesters", "id" to id, "name" to name).header("Location") shouldBe "/admin/requesters/$id?done=requester-added"
            return "/admin/requesters/$id"
        }

        fun names() = broker.admin.get("/v1/admin/requesters").list("requesters").map { it.getValue("name").toString().trim('"') }

        fun asks(key: String): Int = Http(broker.url, key).post("/v1/approvals", "action" to "a.b", "summary" to "Is it $key?").status

        test("a requester is added, a key made, and what asks with it reaches the inbox; the key is shown this once") {
            val path = admin.added("billing")
            admin.get("$path?done=requester-added").text shouldContain "The requester was added"
            val made = admin.post("$path/keys", "id" to admin.get(path).hidden("id"), "mode" to "live")
            withClue(made) { made.status shouldBe 200 }
            made.header("Cache-Control") shouldBe "no-store"
            val key = made.secret()
            key shouldStartWith "sk_live_sh_"
            asks(key) shouldBe 201
            admin.get("/inbox").text shouldContain "Is it $key?"
            listOf(path, "/admin/requesters", "/admin/endpoints").forEach { admin.get(it).text shouldNotContain key }
            admin.get(path).text shouldContain "…${key.takeLast(4)}"
        }

        test("the same form again makes no other key and shows none: by a second tap, or by a reload") {
            val path = admin.added("tapped twice")
            val id = admin.get(path).hidden("id")
            val key = admin.post("$path/keys", "id" to id, "mode" to "test").secret()
            val again = admin.post("$path/keys", "id" to id, "mode" to "test")
            again.status shouldBe 409
            again.text shouldContain "This key was made already"
            again.text shouldNotContain key
            admin.get("$path/keys").header("Location") shouldBe path
            broker.admin.get("/v1/admin/keys").list("keys").count { "tapped twice" in it.toString() } shouldBe 1
        }

        test("adding by two taps adds one, and both answers lead to it") {
            val id = admin.get("/admin/requesters").hidden("id")
            val answers = List(2) { admin.post("/admin/requesters", "id" to id, "name" to "double") }
            answers.map { it.header("Location") }.toSet().size shouldBe 1
            names().count { it == "double" } shouldBe 1
        }

        test("a name that is taken, empty or too long is refused at its field, with what was typed") {
            admin.added("taken")
            listOf(
                "taken" to "The name taken is taken",
                "" to "1 to 100 characters, not 0",
                "x".repeat(101) to "not 101",
            ).forEach { (name, why) ->
                val refused = admin.post("/admin/requesters", "name" to name)
                refused.status shouldBe 422
                listOf(why, "Nothing was changed", "aria-invalid=\"true\"", "name=\"name\" id=\"name\" value=\"$name\"").forEach {
                    withClue(name) { refused.text shouldContain it }
                }
            }
            names().count { it == "taken" } shouldBe 1
        }

        test("a mode that is none is refused by name") {
            val path = admin.added("of no mode")
            val refused = admin.post("$path/keys", "mode" to "both")
            refused.status shouldBe 422
            refused.text shouldContain "Mode must be one of live, test"
            admin.get(path).text shouldContain "It has no key"
        }

        test("before a key is revoked its page says what breaks; revoked, it asks no more, and again is no fault") {
            val path = admin.added("to revoke")
            val keys = List(2) { admin.post("$path/keys", "id" to admin.get(path).hidden("id"), "mode" to "live").secret() }
            asks(keys[0]) shouldBe 201
            val revoke = Regex("/admin/keys/key_[a-z2-7]{26}/revoke").find(admin.get(path).text)!!.value
            val asked = admin.get(revoke)
            listOf("…${keys[0].takeLast(4)} of to revoke", "can&#x27;t ask", "Open live requests: 1", "Another live key goes on working")
                .forEach { asked.text.replace("&#39;", "&#x27;").replace("'", "&#x27;") shouldContain it }
            asks(keys[0]) shouldBe 201
            admin.after(admin.post(revoke)).text shouldContain "The key was revoked"
            keys.map(::asks) shouldContainExactly listOf(401, 201)
            admin.after(admin.post(revoke)).status shouldBe 200
            admin.get(path).text shouldContain "revoked"
            admin.get("$path/revoke").text shouldContain "Revoke all keys of to revoke?"
            admin.after(admin.post("$path/revoke")).text shouldContain "All keys of this requester were revoked"
            keys.map(::asks) shouldContainExactly listOf(401, 401)
        }

        test("names are shown as text, and what hides or turns text as its code") {
            val path = admin.added("<b>bold</b> \u202eeman")
            listOf(path, "/admin/requesters", "$path/revoke").forEach {
                val page = admin.get(it).text
                page shouldContain "&lt;b&gt;bold"
                page shouldContain "\\u202e"
                page shouldNotContain "\u202e"
                page shouldNotContain "<b>bold"
            }
        }

        test("the list comes in pages that neither leave a gap nor show one twice") {
            TestBroker().use { many ->
                val browser = many.adminBrowser()
                val names = List(60) { "many $it." }.onEach { many.admin.post("/v1/admin/requesters", "name" to it).status shouldBe 201 }
                var page = browser.get("/admin/requesters").text
                val seen = mutableListOf<String>()
                var next: String? = ""
                while (next != null) {
                    seen += Regex("many [0-9]+\\.").findAll(page).map { it.value }
                    next = Regex("""href="(/admin/requesters\?after=[^"]*)"""").find(page)?.groupValues?.get(1)
                    next?.let { page = browser.get(it).text }
                }
                seen shouldContainExactly names
            }
        }
    })
