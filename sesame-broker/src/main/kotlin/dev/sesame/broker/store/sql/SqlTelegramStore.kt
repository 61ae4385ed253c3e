package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.AccessFacts
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.store.KeptButton
import dev.sesame.broker.store.KeptMessage
import dev.sesame.broker.store.Linked
import dev.sesame.broker.store.TelegramStore
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet
import java.time.Instant

/** What the Telegram channel keeps, in SQL. */
internal class SqlTelegramStore(private val database: SqlDatabase, private val channel: String) : TelegramStore {
    override suspend fun keepCode(codeHash: String, approverId: String, expiresAt: Instant) = database.write {
        it.createUpdate(
            "INSERT INTO telegram_codes (approver_id, code_hash, expires_at) VALUES (:approver, :hash, :expires) " +
                "ON CONFLICT (approver_id) DO UPDATE SET code_hash = :hash, expires_at = :expires",
        )
            .bind("approver", approverId)
            .bind("hash", codeHash)
            .bind("expires", expiresAt.toEpochMilli())
            .execute()
        Unit
    }

    override suspend fun link(codeHash: String, account: String, now: Instant, atMost: Int): Linked = database.write { handle ->
        val approverId = handle.createQuery(
            "SELECT c.approver_id FROM telegram_codes AS c JOIN approvers AS a ON a.id = c.approver_id AND a.revoked_at IS NULL " +
                "WHERE c.code_hash = :hash AND c.expires_at > :now",
        )
            .bind("hash", codeHash)
            .bind("now", now.toEpochMilli())
            .mapTo(String::class.java).findOne().orElse(null) ?: return@write Linked.WrongCode
        if (handle.othersLinked(approverId, account) >= atMost) return@write Linked.TooMany
        handle.removeContacts(approverId, now, channel)
        handle.unlink("channel = :channel AND address = :account", now, "channel" to channel, "account" to account)
        handle.createUpdate("DELETE FROM telegram_codes WHERE code_hash = :hash").bind("hash", codeHash).execute()
        handle.createUpdate("INSERT INTO contacts (channel, address, approver_id, since) VALUES (:channel, :account, :approver, :now)")
            .bind("channel", channel)
            .bind("account", account)
            .bind("approver", approverId)
            .bind("now", now.toEpochMilli())
            .execute()
        val contact = Contact(channel, account, approverId)
        handle.audit(AccessFacts.linked(contact), now)
        Linked.Done(contact)
    }

    override suspend fun keepButtons(buttons: List<KeptButton>) = database.write { handle ->
        buttons.forEach {
            handle.createUpdate(
                "INSERT INTO telegram_buttons (handle_hash, approval_id, approver_id, chat, meaning) " +
                    "VALUES (:hash, :approval, :approver, :chat, :meaning)",
            )
                .bind("hash", it.handleHash)
                .bind("approval", it.approvalId)
                .bind("approver", it.approverId)
                .bind("chat", it.chat)
                .bind("meaning", it.meaning.name.lowercase())
                .execute()
        }
    }

    override suspend fun button(handleHash: String): KeptButton? = database.read {
        it.createQuery(
            "SELECT * FROM telegram_buttons WHERE handle_hash = :hash",
        ).bind("hash", handleHash).map(::button).findOne().orElse(null)
    }

    override suspend fun useUp(approvalId: String, chat: String, at: Instant) = database.write {
        it.createUpdate("UPDATE telegram_buttons SET used_at = :at WHERE approval_id = :approval AND chat = :chat AND used_at IS NULL")
            .bind("approval", approvalId)
            .bind("chat", chat)
            .bind("at", at.toEpochMilli())
            .execute()
        Unit
    }

    override suspend fun keepMessage(message: KeptMessage) = database.write {
        it.createUpdate(
            "INSERT INTO telegram_messages (chat, message_id, approval_id, is_question) VALUES (:chat, :message, :approval, :question) " +
                "ON CONFLICT DO NOTHING",
        )
            .bind("chat", message.chat)
            .bind("message", message.messageId)
            .bind("approval", message.approvalId)
            .bind("question", if (message.isQuestion) 1 else 0)
            .execute()
        Unit
    }

    override suspend fun message(chat: String, messageId: Long): KeptMessage? = database.read {
        it.createQuery("SELECT * FROM telegram_messages WHERE chat = :chat AND message_id = :message")
            .bind("chat", chat)
            .bind("message", messageId)
            .map(::message).findOne().orElse(null)
    }

    override suspend fun messagesOf(approvalId: String, chat: String, limit: Int): List<KeptMessage> = database.read {
        it.createQuery(
            "SELECT * FROM telegram_messages WHERE approval_id = :approval AND chat = :chat AND is_question = 0 " +
                "ORDER BY message_id DESC LIMIT :limit",
        )
            .bind("approval", approvalId)
            .bind("chat", chat)
            .bind("limit", limit)
            .map(::message).list()
    }

    override suspend fun forgetMessage(message: KeptMessage) = database.write {
        it.createUpdate("DELETE FROM telegram_messages WHERE chat = :chat AND message_id = :message")
            .bind("chat", message.chat)
            .bind("message", message.messageId)
            .execute()
        Unit
    }

    override suspend fun knows(updateId: Long): Boolean = database.read {
        it.createQuery("SELECT count(*) FROM telegram_updates WHERE update_id = :id").bind("id", updateId).mapTo(INT).one() == 1
    }

    override suspend fun keepUpdate(updateId: Long, at: Instant, forgetBefore: Instant) = database.write { handle ->
        handle.createUpdate("INSERT INTO telegram_updates (update_id, at) VALUES (:id, :at) ON CONFLICT DO NOTHING")
            .bind("id", updateId)
            .bind("at", at.toEpochMilli())
            .execute()
        handle.createUpdate("DELETE FROM telegram_updates WHERE at < :before").bind("before", forgetBefore.toEpochMilli()).execute()
        Unit
    }

    override suspend fun lastUpdate(since: Instant): Long? = database.read {
        it.createQuery("SELECT update_id FROM telegram_updates WHERE at >= :since ORDER BY update_id DESC LIMIT 1")
            .bind("since", since.toEpochMilli())
            .mapTo(Long::class.javaObjectType).findOne().orElse(null)
    }

    private fun Handle.othersLinked(approverId: String, account: String): Int =
        createQuery("SELECT count(*) FROM contacts WHERE channel = :channel AND approver_id <> :approver AND address <> :account")
            .bind("channel", channel)
            .bind("approver", approverId)
            .bind("account", account)
            .mapTo(INT).one()

    private companion object {
        val INT = Int::class.javaObjectType
    }
}

private fun button(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = KeptButton(
    handleHash = row.getString("handle_hash"),
    approvalId = row.getString("approval_id"),
    approverId = row.getString("approver_id"),
    chat = row.getString("chat"),
    meaning = KeptButton.Meaning.valueOf(row.getString("meaning").uppercase()),
    isUsed = row.instant("used_at") != null,
)

private fun message(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = KeptMessage(
    row.getString("chat"),
    row.getLong("message_id"),
    row.getString("approval_id"),
    row.getInt("is_question") == 1,
)
