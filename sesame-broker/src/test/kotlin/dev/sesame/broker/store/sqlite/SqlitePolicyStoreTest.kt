package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.PolicyStoreContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqlitePolicyStoreTest : PolicyStoreContract({ sqliteStores(temporaryDirectory()) })
