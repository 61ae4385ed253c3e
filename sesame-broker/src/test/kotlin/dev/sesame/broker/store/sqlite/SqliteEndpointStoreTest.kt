package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.EndpointStoreContract
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory

internal class SqliteEndpointStoreTest : EndpointStoreContract({ sqliteStores(temporaryDirectory()) })
