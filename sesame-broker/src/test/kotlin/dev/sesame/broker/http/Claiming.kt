package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.Callable
import dev.sesame.broker.Requesting
import dev.sesame.broker.store.random
import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe
import java.util.Base64

/** As the SDK makes one for every call. */
internal fun claimant(): String = Base64.getUrlEncoder().withoutPadding().encodeToString(random(24))

/** An approved request of [requester], and the ways to run it. */
internal class Approved(broker: Callable, val requester: Requesting, vararg fields: Pair<String, Any?>) {
    val id: String = requester.asked(*fields)
    private val path = "/v1/approvals/$id"
    val hash: String = broker.approver().approve(id).text("context_hash")!!

    fun claim(claimant: String = claimant(), vararg fields: Pair<String, Any?>): Answer =
        requester.http.post("$path/claim", *(mapOf("claimant" to claimant, "context_hash" to hash) + fields).toList().toTypedArray())

    /** Claims it and returns the token. */
    fun claimed(claimant: String = claimant(), vararg fields: Pair<String, Any?>): String = claim(claimant, *fields).let {
        withClue(it) { it.status shouldBe 200 }
        it.text("claim_token")!!
    }

    fun report(token: String?, outcome: String, vararg fields: Pair<String, Any?>): Answer =
        requester.http.post("$path/outcome", "claim_token" to token, "outcome" to outcome, *fields)

    fun state(): String? = requester.read(id).text("execution.state")
}

internal infix fun Answer.shouldBeRefusedWith(problem: Pair<Int, String>) = withClue(this) { (status to text("code")) shouldBe problem }

internal fun Answer.shouldBeOk(): Answer = also { withClue(it) { it.status shouldBe 200 } }
