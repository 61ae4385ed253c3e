package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.GroupStoreContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteGroupStoreTest : GroupStoreContract({ sqliteStores(temporaryDirectory()) })
