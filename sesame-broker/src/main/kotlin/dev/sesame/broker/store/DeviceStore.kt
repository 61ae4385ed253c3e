package dev.sesame.broker.store

import dev.sesame.broker.notice.push.Device
import dev.sesame.broker.notice.push.Subscription
import java.time.Instant

/**
 * Where the browsers are kept that are told by web push. One that is on is a contact of the channel `push`, with its id as the address; it is
 * one no more as soon as it is removed, lost, or its session or approver ended by somebody.
 *
 * Every adapter passes `DeviceStoreContract`.
 */
internal interface DeviceStore {
    /**
     * Turns [device] on. The one that its approver had in the same session or at the same endpoint becomes it and keeps its id; another's at
     * that endpoint is removed. `null` where the approver has [atMost] others that are on; lost ones make room.
     */
    suspend fun turnOn(device: Device, atMost: Int): Device?

    /**
     * The device at that endpoint, or else with that id, is [seen] as it is now, and on again if it was lost. `null` where it isn't there; where
     * it is another approver's, it is removed: the browser is in other hands.
     */
    suspend fun renew(id: String, seen: Seen): Device?

    /** The device with that id, on or lost. */
    suspend fun device(id: String): Device?

    /** The approver's, on or lost, the newest first. */
    suspend fun list(approverId: String): List<Device>

    /** Forgets the approver's device; `false` where there is none. */
    suspend fun remove(id: String, approverId: String, at: Instant): Boolean

    /** The push service gave it up: it is no contact any more, unless it has another endpoint by now. */
    suspend fun lose(device: Device, why: String, at: Instant)

    /** Whether the device was told of the approval by a message of its own, which a later one takes the place of. */
    suspend fun wasToldAlone(approvalId: String, deviceId: String): Boolean
}

/** What a browser says of itself when its person visits. */
internal data class Seen(
    val approverId: String,
    val sessionId: String,
    val browser: String,
    val subscription: Subscription,
    val at: Instant,
)
