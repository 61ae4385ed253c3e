package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.ApprovalEventsContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteApprovalEventsTest : ApprovalEventsContract({ sqliteStores(temporaryDirectory()) })
