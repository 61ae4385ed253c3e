package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList

private fun page(ids: IntRange, next: String?): Reply {
    val approvals = ids.joinToString { document("pending", id = "ap_$it").toString() }
    return Reply("""{"approvals":[$approvals],"next_cursor":${next?.let { "\"$it\"" }}}""")
}

private fun threePages() = ScriptedHttp().apply {
    on(Step.LIST, { page(1..2, "after 2") }, { page(3..4, "after 4") }, { page(5..5, null) })
}

class ListingTest :
    FunSpec({
        test("all pages come, in their order, each asked for with the cursor of the one before") {
            val http = threePages()
            http.sesame().use { it.approvals().map { approval -> approval.id }.toList() } shouldBe (1..5).map { "ap_$it" }
            http.sent.map { it.query["cursor"] } shouldBe listOf(null, "after 2", "after 4")
        }

        test("nothing is fetched before it is collected, and no page that isn't") {
            val http = threePages()
            http.sesame().use { sesame ->
                val approvals = sesame.approvals()
                http.sent.shouldBeEmpty()
                approvals.first().id shouldBe "ap_1"
            }
            http.sent shouldHaveSize 1
        }

        test("status and action narrow each page") {
            val http = threePages()
            http.sesame().use { it.approvals(ApprovalStatus.PENDING, ACTION).toList() }
            http.sent.forEach { sent ->
                sent.query["status"] shouldBe "pending"
                sent.query["action"] shouldBe ACTION
            }
        }

        test("a page that fails for a moment is fetched again, and nothing comes twice") {
            val http = ScriptedHttp()
            http.on(Step.LIST, { page(1..2, "after 2") }, { Reply("", 503) }, { page(3..3, null) })
            http.sesame().use { it.approvals().toList() } shouldHaveSize 3
        }

        test("a refused page ends the flow with what it means") {
            val http = ScriptedHttp().apply { on(Step.LIST, { page(1..2, "after 2") }, { problem(401, "unauthorized") }) }
            http.sesame().use { sesame -> shouldThrow<SesameAuthException> { sesame.approvals().toList() } }
        }
    })
