package dev.sesame.broker.audit

import dev.sesame.broker.Answer
import dev.sesame.broker.browser
import dev.sesame.broker.inbox.PasskeyBrowser
import dev.sesame.broker.inbox.named
import dev.sesame.broker.inbox.withPasskey
import dev.sesame.broker.notice.push.PushBroker
import dev.sesame.broker.notice.push.UserAgent
import dev.sesame.broker.signInLink
import dev.sesame.broker.store.ids

/** Does what [fact] tells of; its answer says whether it was done. [prepare] comes before, and what it makes is what it is done to. */
internal class Driven<T>(val fact: String, val prepare: PushBroker.() -> T, val act: PushBroker.(T) -> Answer) {
    /** Prepares, and gives what then does it. */
    fun ready(broker: PushBroker): () -> Answer = broker.prepare().let { made -> { broker.act(made) } }
}

/** Each fact about who may call, decide and be told, with a call that brings it about. */
internal val DRIVEN: List<Driven<*>> = listOf(
    Driven("passkey.added", { PasskeyBrowser(named()) }) { it.add() },
    Driven("passkey.renamed", { withPasskey() }) { own -> own.browser.post("/passkeys/${own.passkeyId}/rename", "name" to "Kept") },
    Driven("passkey.removed", { withPasskey() }) { own -> own.browser.post("/passkeys/${own.passkeyId}/remove") },
    Driven("passkey.refused", {
        withPasskey().also {
            it.device.count = 7
            it.elsewhere().signIn()
            it.device.count = 3
        }
    }) { it.elsewhere().signIn() },
    Driven("group.made", { "group ${ids.group()}" }) { admin.post("/v1/admin/groups", "name" to it) },
    Driven("group.joined", { emptyGroup() to approver() }) { (group, who) -> move(group, "add-member", who.id) },
    Driven("group.left", { approver().let { who -> emptyGroup().also { move(it, "add-member", who.id) } to who } }) { (group, who) ->
        move(group, "remove-member", who.id)
    },
    Driven("group.revoked", { emptyGroup() }) { admin.post("/v1/admin/groups/$it/revoke") },
    Driven("endpoint.made", { requester().name }) { endpoint(it) },
    Driven("endpoint.rotated", { endpointId() }) { admin.post("/v1/admin/endpoints/$it/rotate") },
    Driven("endpoint.disabled", { endpointId() }) { admin.post("/v1/admin/endpoints/$it/disable") },
    Driven("endpoint.enabled", { endpointId().also { admin.post("/v1/admin/endpoints/$it/disable") } }) {
        admin.post("/v1/admin/endpoints/$it/enable")
    },
    Driven("device.added", { browser(approver()).also { it.get("/sessions") } }) {
        it.post("/devices", *UserAgent.at(serviceUrl).fields())
    },
    Driven("device.removed", { device().also { it.browser.get("/sessions") } }) { it.browser.post("/devices/${it.id}/remove") },
    Driven("sign_in_link.made", { approver() }) { admin.post("/v1/admin/approvers/${it.id}/link") },
    Driven("session.ended", { browser(approver()).also { it.get("/sessions") } }) { it.post("/sign-out") },
    Driven("session.ended", { approver().also { browser(it) } }) { admin.post("/v1/admin/approvers/${it.id}/sign-out") },
    Driven("session.began", { approver().let { browser(it) to signInLink(it) } }) { (browser, link) ->
        browser.get("/sign-in/" + link.substringAfterLast('/'))
        browser.post("/sign-in", "link" to link.substringAfterLast('/'))
    },
    Driven("policy.set", { "version: 1\nrules: [{name: r, action: some.thing, effect: deny}]" }) {
        admin.post("/v1/admin/policies", "text" to it)
    },
    Driven("policy.in_force", { "version: 1\nrules: [{name: ${ids.group()}, action: some.thing, effect: deny}]" }) {
        admin.post("/v1/admin/policies", "text" to it)
    },
)

private val PasskeyBrowser.passkeyId: String
    get() = Regex("/passkeys/(pk_[a-z2-7]+)/rename").find(browser.get("/passkeys").text)!!.groupValues[1]

private fun PushBroker.emptyGroup(): String = admin.post("/v1/admin/groups", "name" to "group ${ids.group()}").text("id")!!

private fun PushBroker.move(group: String, how: String, who: String): Answer = admin.post("/v1/admin/groups/$group/$how", "approver" to who)

private fun PushBroker.endpoint(requester: String): Answer =
    admin.post("/v1/admin/endpoints", "requester" to requester, "url" to "https://hooks.example/${ids.endpoint()}")

private fun PushBroker.endpointId(): String = endpoint(requester().name).text("id")!!
