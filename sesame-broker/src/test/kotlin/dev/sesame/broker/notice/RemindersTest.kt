package dev.sesame.broker.notice

import dev.sesame.broker.access.Requester
import dev.sesame.broker.store.question
import dev.sesame.broker.store.start
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.shouldBe

class RemindersTest :
    FunSpec({
        val requester = Requester("rq", "shop", null, start)

        test("half of the time, and a tenth before the end") {
            reminders(question(requester, afterSeconds = 7, expiresInSeconds = 86_400)) shouldBe mapOf(
                NoticeKind.HALF_TIME to start.plusSeconds(7 + 43_200),
                NoticeKind.LAST_CALL to start.plusSeconds(7 + 77_760),
            )
        }

        test("where a policy's rule says when: then, as long as it is open, and none where it says none") {
            val asked = question(requester, afterSeconds = 7, expiresInSeconds = 3_600)
            reminders(asked.copy(remindAfterSeconds = listOf(60, 3_599, 3_600))) shouldBe mapOf(
                NoticeKind.REMINDER_1 to start.plusSeconds(67),
                NoticeKind.REMINDER_2 to start.plusSeconds(7 + 3_599),
            )
            reminders(asked.copy(remindAfterSeconds = emptyList())).shouldBeEmpty()
        }

        test("none where the last call would leave less than a minute") {
            reminders(question(requester, expiresInSeconds = 599)).shouldBeEmpty()
            reminders(question(requester, expiresInSeconds = 600)).values.max() shouldBe start.plusSeconds(540)
        }
    })
