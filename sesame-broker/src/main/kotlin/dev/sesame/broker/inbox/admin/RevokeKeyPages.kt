package dev.sesame.broker.inbox.admin

import dev.sesame.Mode
import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Enrol
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Requester
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.rules.Problem
import io.ktor.server.routing.Route

/** Ending one key of a requester, or all of them, once it was said what that breaks. */
internal class RevokeKeyPages(
    private val counter: Counter,
    private val access: AccessStore,
    private val approvals: ApprovalStore,
    private val enrol: Enrol,
) {
    fun install(route: Route) {
        counter.page(route, ONE) { visit -> key(visit)?.let { (key, requester) -> visit.ask(ofOne(key, requester)) } }
        counter.form(route, ONE) { visit, _ -> key(visit)?.let { (key, requester) -> revoke(visit, key, requester) } }
        counter.page(route, ALL) { visit -> requester(visit)?.let { visit.ask(ofAll(it)) } }
        counter.form(route, ALL) { visit, _ -> requester(visit)?.let { revokeAll(visit, it) } }
    }

    private suspend fun key(visit: Visit): Pair<ApiKey, Requester>? {
        val key = access.keys().firstOrNull { it.id == visit.id }
        val requester = key?.let { access.requester(it.requesterId) }
        if (requester == null) visit.absent("key")
        return requester?.let { key to it }
    }

    private suspend fun requester(visit: Visit): Requester? =
        visit.idThat(Ids::isRequester)?.let { access.requester(it) } ?: null.also { visit.absent("requester") }

    private suspend fun ofOne(key: ApiKey, requester: Requester): Confirm {
        val others = access.keys().count {
            it.requesterId == requester.id && it.mode == key.mode && it.revokedAt == null && it.id != key.id
        }
        return Confirm(
            "Revoke the ${key.mode} key …${key.lastFour} of ${requester.name}?",
            "Revoke this key",
            "/admin/keys/${key.id}/revoke",
            "/admin/requesters/${requester.id}",
            listOf(
                "Programs of ${requester.name} that use it can't ask, claim or report any more, from this moment on.",
                waiting(requester, key.mode),
                if (others ==
                    0
                ) {
                    "It is the last ${key.mode} key: nothing asks in that name until you make another one."
                } else {
                    still(others, key)
                },
                CANT_BE_UNDONE,
            ),
        )
    }

    private suspend fun ofAll(requester: Requester) = Confirm(
        "Revoke all keys of ${requester.name}?",
        "Revoke all its keys",
        "/admin/requesters/${requester.id}/revoke",
        "/admin/requesters/${requester.id}",
        listOf(
            "${requester.name} can't ask, claim or report any more, live or test, from this moment on.",
            waiting(requester, Mode.LIVE),
            CANT_BE_UNDONE,
        ),
    )

    private fun still(others: Int, key: ApiKey) =
        if (others == 1) "Another ${key.mode} key goes on working." else "$others other ${key.mode} keys go on working."

    private suspend fun waiting(requester: Requester, mode: Mode): String {
        val open = approvals.countPending(requester.id, mode, MOST_COUNTED)
        val many = if (open == MOST_COUNTED) "$open or more" else "$open"
        return "Whoever waits with such a key for a decision is cut off. Open ${mode.value} requests: $many. People can answer them still."
    }

    private suspend fun revoke(visit: Visit, key: ApiKey, requester: Requester) = orSay(visit, { ofOne(key, requester) }) {
        enrol.revokeKey(key.id)
        visit.goTo("/admin/requesters/${requester.id}", Done.KEY_REVOKED)
    }

    private suspend fun revokeAll(visit: Visit, requester: Requester) = orSay(visit, { ofAll(requester) }) {
        enrol.revokeRequester(requester.id)
        visit.goTo("/admin/requesters/${requester.id}", Done.KEYS_REVOKED)
    }

    private companion object {
        const val ONE = "/admin/keys/{id}/revoke"
        const val ALL = "/admin/requesters/{id}/revoke"
        const val MOST_COUNTED = 1_000
        const val CANT_BE_UNDONE = "A revoked key never works again."
    }
}

/** Does it; where it can't be done, the question stands again, with the reason. */
internal suspend fun orSay(visit: Visit, confirm: suspend () -> Confirm, does: suspend () -> Unit) = try {
    does()
} catch (problem: Problem) {
    visit.ask(confirm(), problem.detail)
}
