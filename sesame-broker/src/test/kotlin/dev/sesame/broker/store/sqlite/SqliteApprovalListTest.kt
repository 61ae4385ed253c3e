package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.ApprovalListContract
import dev.sesame.broker.store.sqliteStores
import java.nio.file.Files

internal class SqliteApprovalListTest : ApprovalListContract({ sqliteStores(Files.createTempDirectory("sesame-store")) })
