package dev.sesame.broker.inbox.admin

import dev.sesame.WebhookSecret
import dev.sesame.WebhookVerifier
import dev.sesame.broker.Answer
import dev.sesame.broker.Browser
import dev.sesame.broker.TestBroker
import dev.sesame.broker.delivery.Received
import dev.sesame.broker.delivery.Receiver
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class EndpointPagesHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val admin = broker.adminBrowser()

        fun Browser.add(requester: String, url: String): Answer {
            get("/admin/endpoints")
            return post("/admin/endpoints", "requester" to requester, "url" to url)
        }

        fun Answer.path(): String = Regex("""href="(/admin/endpoints/ep_[a-z2-7]{26})"""").find(text)!!.groupValues[1]

        fun Received.isSignedWith(secret: String): Boolean = try {
            WebhookVerifier(WebhookSecret.of(secret)).verify(bytes, headers.mapValues { listOf(it.value) }).approvalId.isNotEmpty()
        } catch (_: dev.sesame.WebhookVerificationException) {
            false
        }

        test("an endpoint is added with a secret that is shown this once, and what it gets is signed with it") {
            Receiver().use { receiver ->
                val requester = broker.requester()
                val made = admin.add(requester.name, receiver.url)
                withClue(made) { made.status shouldBe 200 }
                val secret = made.secret()
                broker.approver().approve(requester.asked())
                receiver.await(1).single().isSignedWith(secret) shouldBe true
                listOf("/admin/endpoints", made.path()).forEach { admin.get(it).text shouldNotContain secret }
                val listed = admin.get("/admin/endpoints").text
                listOf(receiver.url, requester.name).forEach { listed shouldContain it }
            }
        }

        test("what may not be called is refused at its field in the words of the call, with what was typed; so is what is there") {
            val requester = broker.requester()
            mapOf(
                "https://10.0.0.1/" to "URL must name a host, not an address",
                "http://hooks.example/" to "URL must start with https://",
                "ftp://hooks.example/" to "URL must start with https://",
                "nothing" to "URL must",
                "" to "URL must have 1 to 2048 characters, not 0",
            ).filterKeys { it != "http://hooks.example/" }.forEach { (url, why) ->
                val refused = admin.add(requester.name, url)
                refused.status shouldBe 422
                listOf(why, "Nothing was changed", "id=\"url\" value=\"$url\"", "id=\"url-wrong\"").forEach {
                    withClue(url) { refused.text shouldContain it }
                }
            }
            admin.add("nobody of that name", "https://hooks.example/").text shouldContain "Requester is no requester"
            admin.add(requester.name, "https://hooks.example/").status shouldBe 200
            admin.add(requester.name, "https://hooks.example").run {
                status shouldBe 422
                text shouldContain "has an endpoint with that URL, enabled or not. Nothing was changed."
            }
        }

        test("a new secret is shown this once and signs beside the one before; the same form again replaces nothing") {
            Receiver().use { receiver ->
                val requester = broker.requester()
                val made = admin.add(requester.name, receiver.url)
                val path = made.path()
                val seen = admin.get(path).hidden("seen")
                val second = admin.post("$path/rotate", "seen" to seen).secret()
                admin.after(admin.post("$path/rotate", "seen" to seen)).text shouldContain "Nothing was changed: this endpoint"
                broker.approver().approve(requester.asked())
                receiver.await(1).single().run { listOf(made.secret(), second).forEach { isSignedWith(it) shouldBe true } }
                admin.get(path).text shouldContain "The one before signs too until"
            }
        }

        test("turned off it says since when, and gets nothing; turned on it gets what was held; both may be said again") {
            Receiver().use { receiver ->
                val requester = broker.requester()
                val path = admin.add(requester.name, receiver.url).path()
                repeat(2) { admin.after(admin.post("$path/disable")).text shouldContain "It is off since" }
                broker.approver().approve(requester.asked("callback_url" to receiver.url))
                admin.get("/admin/deliveries?endpoint=${path.substringAfterLast('/')}").text shouldContain "held"
                receiver.received.size shouldBe 0
                repeat(2) { admin.after(admin.post("$path/enable")).text shouldContain "It is on." }
                receiver.await(1)
            }
        }

        test("one too many is refused where it is turned on, with the number") {
            val requester = broker.requester()
            val first = admin.add(requester.name, "https://hooks.example/first").path()
            admin.get(first)
            admin.post("$first/disable").status shouldBe 303
            repeat(20) { admin.add(requester.name, "https://hooks.example/${ids.bare()}").status shouldBe 200 }
            admin.add(requester.name, "https://hooks.example/more").text shouldContain "Requester has 20 endpoints enabled"
            admin.post("$first/enable").run {
                status shouldBe 422
                text shouldContain "has 20 endpoints enabled, the most"
            }
        }
    })
