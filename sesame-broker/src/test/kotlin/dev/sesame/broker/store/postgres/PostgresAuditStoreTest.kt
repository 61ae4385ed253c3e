package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.AuditStoreContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresAuditStoreTest : AuditStoreContract(::postgresStores)
