package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.ApprovalStoreContract
import dev.sesame.broker.store.sqliteStores
import java.nio.file.Files

internal class SqliteApprovalStoreTest : ApprovalStoreContract({ sqliteStores(Files.createTempDirectory("sesame-store")) })
