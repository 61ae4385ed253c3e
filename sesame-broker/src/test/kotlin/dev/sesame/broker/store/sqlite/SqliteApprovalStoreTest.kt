package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.ApprovalStoreContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteApprovalStoreTest : ApprovalStoreContract({ sqliteStores(temporaryDirectory()) })
