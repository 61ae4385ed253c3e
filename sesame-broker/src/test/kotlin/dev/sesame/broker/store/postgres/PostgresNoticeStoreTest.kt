package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.NoticeStoreContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresNoticeStoreTest : NoticeStoreContract(::postgresStores)
