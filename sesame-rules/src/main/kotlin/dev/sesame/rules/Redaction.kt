package dev.sesame.rules

import dev.sesame.internal.InstantText
import kotlinx.serialization.Serializable
import java.time.Instant

/** Values at [field] of a context, a path such as `customer.iban`, are not told over these [channels]. */
@Serializable
public data class Redaction(val field: String, val channels: List<String>) {
    public companion object {
        /** Messages by Telegram. */
        public const val TELEGRAM: String = "telegram"

        /** Messages by web push. */
        public const val PUSH: String = "push"

        /** Webhooks, to whomever. */
        public const val WEBHOOK: String = "webhook"

        /** Whatever approvers and admins read: pages, and the API. */
        public const val INBOX: String = "inbox"

        /** What the broker keeps once nothing can run any more: the values are erased. */
        public const val STORED: String = "stored"

        /** All of them. */
        public val CHANNELS: List<String> = listOf(TELEGRAM, PUSH, WEBHOOK, INBOX, STORED)

        /** Those that leave the broker: meant where a rule names no channels. */
        public val OUTWARD: List<String> = listOf(TELEGRAM, PUSH, WEBHOOK)
    }
}

/** Values at [fields] were erased for good, by the admin with the id [by], or by the rule where that is `null`. */
@Serializable
public data class Erasure(val fields: List<String>, @Serializable(with = InstantText::class) val at: Instant, val by: String? = null)

/** Where values were erased. */
public val Question.erased: List<String> get() = erasures.flatMap { it.fields }.distinct()

/** Where values are not told over [channel], by the rule or because they are erased. */
public fun Question.hiddenIn(channel: String): List<String> =
    (redactions.filter { channel in it.channels }.map { it.field } + erased).distinct()

/** Of the places that are not told over [channel], those at which there is something. */
public fun ApprovalRecord.redactedIn(channel: String): List<String> = question.hiddenIn(channel).filter(::holds)

/**
 * The approval as it is told over [channel]: what is hidden there is redacted, and what is hidden whole is not editable. For showing alone:
 * what is judged, hashed and stored is the approval itself.
 */
public fun ApprovalRecord.toldOver(channel: String): ApprovalRecord {
    val hidden = question.hiddenIn(channel)
    if (hidden.isEmpty()) return this
    return without(hidden).let { it.copy(question = it.question.copy(editable = question.editable - hidden.toSet())) }
}

/** Whether one of its contexts has a value at [path]. */
internal fun ApprovalRecord.holds(path: String): Boolean =
    question.context.holds(path) || progress.decision?.editedContext?.holds(path) ?: false

/** With the values at [paths] redacted in both of its contexts; every hash stays what it was. */
internal fun ApprovalRecord.without(paths: Collection<String>): ApprovalRecord = copy(
    question = question.copy(context = question.context.redacted(paths)),
    progress = progress.copy(decision = progress.decision?.editedBy { it.redacted(paths) }),
)
