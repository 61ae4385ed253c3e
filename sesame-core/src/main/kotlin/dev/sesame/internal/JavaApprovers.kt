package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalStatus
import dev.sesame.Approvers
import dev.sesame.internal.JavaValues.configure
import java.net.http.HttpClient
import java.time.Duration
import java.util.concurrent.CompletableFuture
import kotlin.time.toKotlinDuration

/** `Approvers`, as [JavaBridge] is `Sesame`. Not for others. */
@InternalSesameApi
public class JavaApprovers(private val approvers: Approvers) : AutoCloseable by approvers {
    private val client = approvers.client

    /** For the person with that token; `null` is the setting's default. */
    public constructor(token: String, brokerUrl: String?, allowPlainHttp: Boolean, retryFor: Duration?, httpClient: HttpClient?) :
        this(Approvers(token) { configure(brokerUrl, allowPlainHttp, retryFor, httpClient, listener = null) })

    /** A page of `Approvers.pending`, up to 100. */
    public fun pending(cursor: String?): CompletableFuture<JavaPage> =
        client.future { JavaPage(client.page("/v1/inbox", ApprovalStatus.PENDING, action = null, cursor)) }

    /** See `Approvers.approve`. */
    public fun approve(id: String, note: String?): CompletableFuture<Approval> = client.future { approvers.approve(id, note) }

    /** The same with an edit; [contextJson] is the text of a JSON object that nobody reads in two ways. */
    public fun approveEdited(id: String, note: String?, contextJson: String): CompletableFuture<Approval> =
        client.future { approvers.approve(id, note, JavaValues.objectOf(contextJson)) }

    /** See `Approvers.extend`. */
    public fun extend(id: String, expiresIn: Duration): CompletableFuture<Approval> =
        client.future { approvers.extend(id, expiresIn.toKotlinDuration()) }

    /** See `Approvers.deny`. */
    public fun deny(id: String, note: String?): CompletableFuture<Approval> = client.future { approvers.deny(id, note) }

    override fun toString(): String = approvers.toString()
}
