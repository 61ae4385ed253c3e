package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.ApprovalForgetContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteApprovalForgetTest : ApprovalForgetContract({ sqliteStores(temporaryDirectory()) })
