package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.ApprovalListContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteApprovalListTest : ApprovalListContract({ sqliteStores(temporaryDirectory()) })
