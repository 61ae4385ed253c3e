package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.NoticeStoreContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteNoticeStoreTest : NoticeStoreContract({ sqliteStores(temporaryDirectory()) })
