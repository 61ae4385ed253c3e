package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.SessionStoreContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteSessionStoreTest : SessionStoreContract({ sqliteStores(temporaryDirectory()) })
