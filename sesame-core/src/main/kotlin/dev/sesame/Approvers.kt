package dev.sesame

import dev.sesame.internal.Client
import dev.sesame.internal.Settings
import dev.sesame.internal.toWholeSeconds
import kotlinx.coroutines.flow.Flow
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlin.time.Duration

/**
 * For code that answers on a person's behalf, with that person's token: a chat bot, a test, an internal tool.
 *
 * Keep it apart from the programs that ask: a requester that holds a deciding token can approve itself.
 */
public class Approvers private constructor(private val settings: Settings, internal val client: Client) : AutoCloseable {
    /** @param token `at_…` of the person who answers. */
    public constructor(token: String, configure: SesameConfig.() -> Unit = {}) : this(token, SesameConfig().apply(configure))

    private constructor(token: String, config: SesameConfig) :
        this(Settings.forApprover(token, config.brokerUrl, config.allowPlainHttp), config)

    private constructor(settings: Settings, config: SesameConfig) : this(settings, Sesame.client(settings, config))

    /** What this person may decide, newest first, fetched page by page as it is collected. */
    public fun pending(): Flow<Approval> = Sesame.pages { cursor ->
        client.page("/v1/inbox", ApprovalStatus.PENDING, action = null, cursor)
    }

    /**
     * Says yes. When it returns, that is on disk: it is approved, or pending where others must say yes too. [AlreadyDecidedException] where
     * somebody was faster, [SesameAuthException] where it isn't for this person to decide.
     *
     * @param context what to approve in place of what was asked: the whole object, of which only the values of `editable` fields may differ,
     *   or else [InvalidRequestException]. It runs as it stands here.
     */
    public suspend fun approve(id: String, note: String? = null, context: JsonObject? = null): Approval =
        decide(id, Answer.APPROVE, note, context)

    /** Says no, which ends the question. When it returns, that is on disk; [AlreadyDecidedException] where somebody was faster. */
    public suspend fun deny(id: String, note: String? = null): Approval = decide(id, Answer.DENY, note, context = null)

    /**
     * Gives people more time: it expires [expiresIn] from now, rounded up to seconds. When it returns, that is on disk.
     * [InvalidRequestException] where that is sooner than now, or later than the broker allows; [AlreadyDecidedException] where it has ended.
     */
    public suspend fun extend(id: String, expiresIn: Duration): Approval =
        client.call { broker -> broker.extend(id, buildJsonObject { put("expires_in", expiresIn.toWholeSeconds()) }) }

    /** Ends what is under way with [SesameClosedException]. */
    override fun close(): Unit = client.close()

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "Approvers(${settings.brokerUrl})"

    private suspend fun decide(id: String, answer: Answer, note: String?, context: JsonObject?): Approval = client.call { broker ->
        broker.decide(
            id,
            buildJsonObject {
                put("decision", answer.value)
                note?.let { put("note", it) }
                context?.let { put("context", it) }
            },
        )
    }
}
