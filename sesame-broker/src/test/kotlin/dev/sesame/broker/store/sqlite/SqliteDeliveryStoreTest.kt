package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.DeliveryStoreContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteDeliveryStoreTest : DeliveryStoreContract({ sqliteStores(temporaryDirectory()) })
