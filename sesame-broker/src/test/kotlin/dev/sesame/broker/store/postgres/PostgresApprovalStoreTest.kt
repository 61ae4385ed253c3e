package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.ApprovalStoreContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresApprovalStoreTest : ApprovalStoreContract(::postgresStores)
