package dev.sesame

import dev.sesame.internal.Client
import dev.sesame.internal.Settings
import kotlinx.coroutines.flow.Flow
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

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

    /** Says yes. When it returns, that is on disk; [AlreadyDecidedException] where somebody was faster. */
    public suspend fun approve(id: String, note: String? = null): Approval = decide(id, Answer.APPROVE, note)

    /** Says no. When it returns, that is on disk; [AlreadyDecidedException] where somebody was faster. */
    public suspend fun deny(id: String, note: String? = null): Approval = decide(id, Answer.DENY, note)

    /** Ends what is under way with [SesameClosedException]. */
    override fun close(): Unit = client.close()

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "Approvers(${settings.brokerUrl})"

    private suspend fun decide(id: String, answer: Answer, note: String?): Approval = client.call { broker ->
        broker.decide(
            id,
            buildJsonObject {
                put("decision", answer.value)
                note?.let { put("note", it) }
            },
        )
    }
}
