package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.DeviceStoreContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteDeviceStoreTest : DeviceStoreContract({ sqliteStores(temporaryDirectory()) })
