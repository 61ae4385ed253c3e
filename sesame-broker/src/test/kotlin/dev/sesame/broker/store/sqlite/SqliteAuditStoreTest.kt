package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.AuditStoreContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteAuditStoreTest : AuditStoreContract({ sqliteStores(temporaryDirectory()) })
