package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.DeviceFacts
import dev.sesame.broker.notice.push.Device
import dev.sesame.broker.notice.push.Subscription
import dev.sesame.broker.store.DeviceStore
import dev.sesame.broker.store.Seen
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet
import java.time.Instant

/** Devices in SQL. */
internal class SqlDeviceStore(private val database: SqlDatabase) : DeviceStore {
    override suspend fun turnOn(device: Device, atMost: Int): Device? = database.write { handle ->
        val endpoint = checkNotNull(device.subscription).endpoint
        val there = handle.all("endpoint = :it", endpoint) + handle.all("session_id = :it", device.sessionId)
        val same = there.firstOrNull { it.approverId == device.approverId }
        (there - setOfNotNull(same)).forEach { handle.removeDevices("id", it.id, device.seenAt) }
        val others = handle.all("approver_id = :it", device.approverId).filter { it.id != same?.id }
        if (others.count { it.subscription != null } >= atMost) return@write null
        if (others.size >= atMost) others.filter { it.subscription == null }.forEach { handle.removeDevices("id", it.id, device.seenAt) }
        val kept = if (same == null) device else device.copy(id = same.id, createdAt = same.createdAt)
        kept.also { handle.keep(it, same) }
    }

    override suspend fun renew(id: String, seen: Seen): Device? = database.write { handle ->
        val known = handle.one("endpoint = :it", seen.subscription.endpoint) ?: handle.one("id = :it", id)
        when {
            known == null -> null

            known.approverId != seen.approverId -> null.also { handle.removeDevices("id", known.id, seen.at) }

            else -> known.copy(
                sessionId = seen.sessionId,
                browser = seen.browser,
                seenAt = seen.at,
                subscription = seen.subscription,
                lost = null,
            ).also { handle.keep(it, known) }
        }
    }

    override suspend fun device(id: String): Device? = database.read { it.one("id = :it", id) }

    override suspend fun list(approverId: String): List<Device> = database.read { it.all("approver_id = :it", approverId) }

    override suspend fun remove(id: String, approverId: String, at: Instant): Boolean = database.write { handle ->
        val isTheirs = handle.one("id = :it", id)?.approverId == approverId
        isTheirs && handle.removeDevices("id", id, at) == 1
    }

    override suspend fun lose(device: Device, why: String, at: Instant) = database.write { handle ->
        val isLost = handle.createUpdate(
            "UPDATE push_devices SET endpoint = NULL, p256dh = NULL, auth = NULL, lost = :why WHERE id = :id AND endpoint = :endpoint",
        )
            .bind("id", device.id)
            .bind("endpoint", device.subscription?.endpoint)
            .bind("why", why)
            .execute() == 1
        if (isLost) {
            handle.removeContactsOf("id", device.id)
            handle.audit(DeviceFacts.lost(device), at)
        }
    }

    override suspend fun wasToldAlone(approvalId: String, deviceId: String): Boolean = database.read {
        // What was told together with others says so in its detail.
        it.createQuery(
            "SELECT count(*) FROM notices WHERE approval_id = :approval AND kind NOT IN ('voted', 'decided') " +
                "AND channel = '$PUSH' AND address = :device AND state = 'sent' AND detail IS NULL",
        )
            .bind("approval", approvalId)
            .bind("device", deviceId)
            .mapTo(Int::class.javaObjectType).one() > 0
    }

    /** [before]: as it was, where it was there; what was lost is told of as added again. */
    private fun Handle.keep(device: Device, before: Device?) {
        if (before?.subscription == null) audit(DeviceFacts.added(device), device.seenAt)
        createUpdate(
            "INSERT INTO push_devices (id, approver_id, session_id, endpoint, p256dh, auth, browser, created_at, seen_at) " +
                "VALUES (:id, :approver, :session, :endpoint, :p256dh, :auth, :browser, :created, :seen) ON CONFLICT (id) DO UPDATE SET " +
                "session_id = :session, endpoint = :endpoint, p256dh = :p256dh, auth = :auth, browser = :browser, seen_at = :seen, lost = NULL",
        )
            .bind("id", device.id)
            .bind("approver", device.approverId)
            .bind("session", device.sessionId)
            .bind("endpoint", device.subscription?.endpoint)
            .bind("p256dh", device.subscription?.p256dh)
            .bind("auth", device.subscription?.auth)
            .bind("browser", device.browser)
            .bind("created", device.createdAt.toEpochMilli())
            .bind("seen", device.seenAt.toEpochMilli())
            .execute()
        createUpdate(
            "INSERT INTO contacts (channel, address, approver_id, since) VALUES ('$PUSH', :id, :approver, :at) ON CONFLICT DO NOTHING",
        )
            .bind("id", device.id)
            .bind("approver", device.approverId)
            .bind("at", device.seenAt.toEpochMilli())
            .execute()
    }

    private fun Handle.one(condition: String, value: String): Device? = all(condition, value).firstOrNull()
}

private fun Handle.all(condition: String, value: String): List<Device> =
    createQuery("SELECT * FROM push_devices WHERE $condition ORDER BY created_at DESC, id DESC").bind("it", value).map(::device).list()

/** Removes every device with that [value] in [column]; returns how many. What is pending for them is dropped when it falls due. */
internal fun Handle.removeDevices(column: String, value: String, at: Instant): Int {
    removeContactsOf(column, value)
    val removed = all("$column = :it", value)
    createUpdate("DELETE FROM push_devices WHERE $column = :value").bind("value", value).execute()
    removed.forEach { audit(DeviceFacts.removed(it), at) }
    return removed.size
}

private fun Handle.removeContactsOf(column: String, value: String) {
    createUpdate("DELETE FROM contacts WHERE channel = '$PUSH' AND address IN (SELECT id FROM push_devices WHERE $column = :value)")
        .bind("value", value).execute()
}

private fun device(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = Device(
    id = row.getString("id"),
    approverId = row.getString("approver_id"),
    sessionId = row.getString("session_id"),
    browser = row.getString("browser"),
    createdAt = row.instant("created_at")!!,
    seenAt = row.instant("seen_at")!!,
    subscription = row.getString("endpoint")?.let { Subscription(it, row.getString("p256dh"), row.getString("auth")) },
    lost = row.getString("lost"),
)

/** The channel's name, as contacts and notices have it. */
private const val PUSH = "push"
