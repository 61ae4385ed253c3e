package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.AccessStoreContract
import dev.sesame.broker.store.CachingAccessStore
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory
import kotlin.time.TimeSource

internal class CachedSqliteAccessStoreTest :
    AccessStoreContract({ sqliteStores(temporaryDirectory()) { CachingAccessStore(it, TimeSource.Monotonic) } })
