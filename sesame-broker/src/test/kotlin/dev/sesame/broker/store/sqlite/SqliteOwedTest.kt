package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.OwedContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteOwedTest : OwedContract({ sqliteStores(temporaryDirectory()) })
