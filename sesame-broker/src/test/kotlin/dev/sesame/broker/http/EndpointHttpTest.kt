package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.store.ids
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class EndpointHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val admin = broker.admin

        fun add(requester: String, url: String = "https://hooks.example/${ids.endpoint()}"): Answer =
            admin.call("POST /v1/admin/endpoints", """{"requester": "$requester", "url": "$url"}""")

        fun verb(id: String, verb: String, body: String = "{}"): Answer = admin.call("POST /v1/admin/endpoints/{id}/$verb", body, id)

        fun list(query: String): Answer = admin.call("GET /v1/admin/endpoints", query = query)

        test("an endpoint is added with a secret that is shown this once; it is listed without, under its one URL") {
            val requester = broker.requester()
            val made = add(requester.name, "HTTPS://Hooks.Example:443/a#part")
            made.status shouldBe 201
            made["url"] shouldBe "https://hooks.example/a"
            val listed = list("?requester=${requester.name.replace(" ", "%20")}")
            listed.list("endpoints").map { it["id"].toString().trim('"') } shouldContainExactly listOf(made["id"])
            listed.text shouldNotContain made["secret"].removePrefix("whsec_")
            listed.list("endpoints").single().keys.filter { "secret" in it } shouldContainExactly listOf("previous_secret_until")
        }

        test("a URL is taken once for each requester; an unknown requester and a URL that may not be called are refused by name") {
            val requester = broker.requester()
            add(requester.name, "https://hooks.example/").status shouldBe 201
            add(requester.name, "https://hooks.example") shouldBeRefusedWith (409 to "name_taken")
            add(broker.requester().name, "https://hooks.example/").status shouldBe 201
            add("nobody of that name").refused shouldContainExactly listOf("requester")
            add(requester.name, "https://10.0.0.1/").refused shouldContainExactly listOf("url")
        }

        test("a requester has at most 20 enabled ones; disabling one makes room, and enabling it again needs it") {
            val requester = broker.requester()
            val made = List(20) { add(requester.name).also { it.status shouldBe 201 }["id"] }
            add(requester.name).refused shouldContainExactly listOf("requester")
            verb(made[0], "disable").status shouldBe 200
            add(requester.name).status shouldBe 201
            verb(made[0], "enable").refused shouldContainExactly listOf("requester")
            verb(made[1], "disable")
            verb(made[0], "enable").status shouldBe 200
        }

        test("rotating shows another secret, and until when the one before signs too") {
            val made = add(broker.requester().name)
            val rotated = verb(made["id"], "rotate")
            rotated["secret"] shouldNotBe made["secret"]
            rotated.text("previous_secret_until").shouldNotBeNull()
            made.text("previous_secret_until") shouldBe null
        }

        test("disabling keeps the first reason, enabling forgets it, and both may be said again") {
            val id = add(broker.requester().name)["id"]
            verb(id, "disable", """{"reason": "maintenance"}""")["disabled_reason"] shouldBe "maintenance"
            verb(id, "disable", """{"reason": "another"}""")["disabled_reason"] shouldBe "maintenance"
            repeat(2) { verb(id, "enable").text("disabled_at") shouldBe null }
            verb(id, "disable")["disabled_reason"] shouldContain "admin"
        }

        test("pages neither leave a gap nor show one twice") {
            val requester = broker.requester()
            val made = List(5) { add(requester.name)["id"] }
            val name = requester.name.replace(" ", "%20")
            val seen = mutableListOf<String>()
            var cursor: String? = ""
            while (cursor != null) {
                val page = list("?requester=$name&limit=2" + if (cursor.isEmpty()) "" else "&cursor=$cursor")
                seen += page.list("endpoints").map { it["id"].toString().trim('"') }
                cursor = page.text("next_cursor")
            }
            seen.sorted() shouldContainExactly made.sorted()
            list("?requester=nobody&limit=0&cursor=x&colour=red").refused.sorted() shouldContainExactly
                listOf("colour", "cursor", "limit", "requester")
        }

        test("what isn't there is not found; who is no admin manages none") {
            listOf("rotate", "disable", "enable").forEach { verb ->
                verb(ids.endpoint(), verb) shouldBeRefusedWith (404 to "not_found")
                verb("7", verb) shouldBeRefusedWith (404 to "not_found")
            }
            listOf(broker.requester().http to 403, broker.approver().http to 403, Http(broker.url, null) to 401).forEach { (who, status) ->
                who.call("GET /v1/admin/endpoints").status shouldBe status
                who.call("POST /v1/admin/endpoints", "{}").status shouldBe status
                who.call("POST /v1/admin/endpoints/{id}/rotate", "{}").status shouldBe status
                who.call("GET /v1/admin/deliveries").status shouldBe status
                who.call("POST /v1/admin/deliveries/{id}/redeliver", "{}").status shouldBe status
            }
        }

        test("deliveries are listed by requester, endpoint, request and state, in pages, and shown with their attempts") {
            val requester = broker.requester()
            val endpoint = add(requester.name, "https://hooks.example/held")["id"]
            verb(endpoint, "disable")
            val asked = List(3) { requester.asked("callback_url" to "https://hooks.example/held") }.onEach { broker.approver().approve(it) }
            fun found(query: String) =
                admin.call("GET /v1/admin/deliveries", query = query).list("deliveries").map { it["approval_id"].toString().trim('"') }
            found("?requester=${requester.name.replace(" ", "%20")}&state=held").sorted() shouldContainExactly asked.sorted()
            found("?endpoint_id=$endpoint").size shouldBe 3
            found("?approval_id=${asked[1]}") shouldContainExactly listOf(asked[1])
            found("?endpoint_id=$endpoint&state=failed").shouldBeEmpty()
            val first = admin.call("GET /v1/admin/deliveries", query = "?endpoint_id=$endpoint&limit=2")
            val second = found("?endpoint_id=$endpoint&limit=2&cursor=" + first["next_cursor"])
            (first.list("deliveries").map { it["approval_id"].toString().trim('"') } + second).sorted() shouldContainExactly asked.sorted()

            val id = first.list("deliveries")[0].getValue("id").toString().trim('"')
            admin.call("GET /v1/admin/deliveries/{id}", id = id).list("attempts").shouldBeEmpty()
            admin.call("POST /v1/admin/deliveries/{id}/redeliver", id = id)["state"] shouldBe "held"
            admin.call("GET /v1/admin/deliveries/{id}", id = ids.delivery()) shouldBeRefusedWith (404 to "not_found")
            admin.call("POST /v1/admin/deliveries/{id}/redeliver", "{}", "7") shouldBeRefusedWith (404 to "not_found")
            admin.call("GET /v1/admin/deliveries", query = "?state=lost").refused shouldContainExactly listOf("state")
        }
    })
