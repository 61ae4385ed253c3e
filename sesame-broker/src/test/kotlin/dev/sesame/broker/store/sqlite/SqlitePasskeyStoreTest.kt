package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.PasskeyStoreContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqlitePasskeyStoreTest : PasskeyStoreContract({ sqliteStores(temporaryDirectory()) })
