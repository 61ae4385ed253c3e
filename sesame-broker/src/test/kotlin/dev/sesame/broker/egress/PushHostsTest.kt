package dev.sesame.broker.egress

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Clock

/** Endpoints come from browsers, and so from anybody: only push services are ever called. */
class PushHostsTest :
    FunSpec({
        fun hosts(allow: String = "") = PushHosts(allow) { it.port == 8700 }

        test("the push services of the usual browsers are known") {
            listOf(
                "https://fcm.googleapis.com/fcm/send/abc:APA91",
                "https://FCM.googleapis.com/wp/abc",
                "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
                "https://web.push.apple.com/QGuQyavXutnMH",
                "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAB",
            ).forEach { withClue(it) { hosts().problem(it).shouldBeNull() } }
        }

        test("no other host is, nor one that looks like them, nor an address, nor plain http") {
            mapOf(
                "https://push.example.com/1" to "push.example.com is none",
                "https://evil-fcm.googleapis.com/1" to "is none",
                "https://fcm.googleapis.com.evil.example/1" to "is none",
                "https://evilnotify.windows.com/1" to "is none",
                "https://notify.windows.com/1" to "is none",
                "https://fcm.googleapis.com@evil.example/1" to "user or a password",
                "http://fcm.googleapis.com/1" to "must start with https://",
                "https://127.0.0.1/1" to "must name a host, not an address",
                "https://[::1]/1" to "must name a host, not an address",
                "https://169.254.169.254/latest" to "must name a host, not an address",
                "https://fcm.googleapis.com:22/1" to "must not name port 22",
                "https://fcm.googleapis.com/" + "x".repeat(2_048) to "at most 2,048 characters",
                "javascript:alert(1)" to "must",
                "" to "must",
            ).forEach { (url, words) -> withClue(url) { hosts().problem(url) shouldContain words } }
        }

        test("the operator adds hosts, all below a host, and addresses, which plain http reaches, too") {
            val hosts = hosts("push.example.com, *.Push.example.org,127.0.0.0/8")
            hosts.problem("https://push.example.com/1").shouldBeNull()
            hosts.problem("https://a.b.push.example.org/1").shouldBeNull()
            hosts.problem("https://push.example.org/1") shouldContain "is none"
            hosts.problem("http://127.0.0.1:8080/1").shouldBeNull()
            hosts.problem("http://127.0.0.1:8700/1") shouldContain "this broker itself"
            hosts.problem("https://10.0.0.1/1") shouldContain "outside SESAME_PUSH_ALLOW"
            hosts.problem("https://fcm.googleapis.com/1").shouldBeNull()
        }

        test("a host that is allowed and leads to an address inside is not called") {
            val hosts = hosts("push.example.com")
            val sender = WebhookSender(hosts.egress, Clock.systemUTC()) { guardedClient(hosts.egress, { listOf(address("10.0.0.7")) }) }
            sender.use {
                it.send("https://push.example.com/1", emptyMap(), byteArrayOf(1)).failure shouldContain
                    "10.0.0.7 is no public address"
            }
        }

        test("what is neither a host nor a block is said") {
            listOf("push", "https://push.example.com", "10.0.0.0/33", "*.*.example.com", "*").forEach {
                withClue(it) { shouldThrow<IllegalArgumentException> { hosts(it) }.message shouldContain "\"$it\"" }
            }
            hosts(" , ").problem("https://10.0.0.1/") shouldBe "must name a host, not an address"
        }
    })
