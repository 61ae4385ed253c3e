package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.AccessStoreContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteAccessStoreTest : AccessStoreContract({ sqliteStores(temporaryDirectory()) })
