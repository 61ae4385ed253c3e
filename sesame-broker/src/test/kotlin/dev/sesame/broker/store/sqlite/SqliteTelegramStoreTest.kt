package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.TelegramStoreContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteTelegramStoreTest : TelegramStoreContract({ sqliteStores(temporaryDirectory()) })
