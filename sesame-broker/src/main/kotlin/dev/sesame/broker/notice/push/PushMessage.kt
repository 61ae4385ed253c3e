package dev.sesame.broker.notice.push

import com.interaso.webpush.WebPush.Urgency
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.security.MessageDigest
import java.util.Base64
import kotlin.time.Duration

/** One message to a browser. What is in [toBytes] is encrypted; the push service reads the rest. */
internal class PushMessage(
    private val words: Words,
    /** The approval that a click opens; `null`: the list. */
    private val approvalId: String?,
    /** What on the screen it takes the place of. */
    private val tag: String,
    val urgency: Urgency,
    /** How long the push service keeps it for a device that is away. */
    val ttl: Duration,
) {
    /** The title is ours, the body may be others' words. [isQuiet]: without sound, since it only says how something ended. */
    class Words(val title: String, val body: String = "", val isQuiet: Boolean = false)

    /** By it a push service keeps the newest about an approval alone. The id itself opens a page, so it isn't told. */
    val topic: String
        get() {
            val hash = MessageDigest.getInstance("SHA-256").digest("sesame push $tag".toByteArray())
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash.copyOf(TOPIC_BYTES))
        }

    /** As the worker in the browser reads it, with spaces at its end: its length says little of what is in it. */
    fun toBytes(): ByteArray {
        val json = buildJsonObject {
            put("title", words.title)
            put("body", words.body)
            put("tag", tag)
            approvalId?.let { put("approval", it) }
            put("quiet", words.isQuiet)
        }
        val bytes = json.toString().toByteArray()
        check(bytes.size <= MOST_BYTES) { "a push message of ${bytes.size} bytes" }
        return bytes + ByteArray(STEP_BYTES - 1 - (bytes.size - 1) % STEP_BYTES) { ' '.code.toByte() }
    }

    companion object {
        /** Push services take 4,096 bytes with what encryption adds (RFC 8291, 4), some a little less. */
        const val MOST_BYTES = 3_000
        private const val STEP_BYTES = 500

        /** 24 bytes are 32 characters, the most that a topic may have (RFC 8030, 5.4). */
        private const val TOPIC_BYTES = 24
    }
}
