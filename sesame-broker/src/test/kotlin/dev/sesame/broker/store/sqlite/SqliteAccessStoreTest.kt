package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.AccessStoreContract
import dev.sesame.broker.store.sqliteStores
import java.nio.file.Files

internal class SqliteAccessStoreTest : AccessStoreContract({ sqliteStores(Files.createTempDirectory("sesame-store")) })
