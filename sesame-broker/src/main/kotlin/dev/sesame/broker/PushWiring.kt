package dev.sesame.broker

import com.interaso.webpush.VapidKeys
import dev.sesame.broker.access.CannotUnseal
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.SecretBox
import dev.sesame.broker.egress.PushHosts
import dev.sesame.broker.egress.WebhookSender
import dev.sesame.broker.notice.SendNotices
import dev.sesame.broker.notice.push.Push
import dev.sesame.broker.notice.push.PushChannel
import dev.sesame.broker.notice.push.PushKeys
import dev.sesame.broker.notice.push.PushNeeds
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.sql.SqlDatabase
import dev.sesame.broker.store.sql.SqlDeviceStore
import kotlinx.coroutines.runBlocking
import java.net.InetSocketAddress
import java.time.InstantSource

/** Web push, as the configuration has it: its keys, where it may send, and with which client. */
internal class PushWiring(
    private val config: BrokerConfig,
    private val database: SqlDatabase,
    private val access: AccessStore,
    private val secretBox: SecretBox,
    private val keyIsNew: Boolean,
    private val isOwn: (InetSocketAddress) -> Boolean,
) : AutoCloseable {
    private var sender: WebhookSender? = null

    /** `null` where browsers aren't told. */
    fun push(ids: Ids, clock: InstantSource, worker: (PushChannel) -> SendNotices): Push? {
        if (!config.push.isOn) return null
        val hosts = hosts()
        val sending = WebhookSender(hosts.egress, clock, agent = "Sesame-Push/${WebhookSender.version}").also { sender = it }
        val needs = PushNeeds(SqlDeviceStore(database), sending, ids, clock, config.confirmRisk, hosts::problem)
        return Push(keys(), config.push.subject(config.publicUrl), config.push.showsDetail, needs, worker)
    }

    private fun hosts(): PushHosts = try {
        PushHosts(config.push.allow, isOwn)
    } catch (problem: IllegalArgumentException) {
        throw CannotStart("SESAME_PUSH_ALLOW can't be taken: ${problem.message}", problem)
    }

    private fun keys(): VapidKeys = try {
        runBlocking { PushKeys(access, secretBox).take(keyIsNew) }
    } catch (problem: CannotUnseal) {
        throw CannotStart(problem.message.orEmpty(), problem)
    }

    override fun close() {
        sender?.close()
    }
}
