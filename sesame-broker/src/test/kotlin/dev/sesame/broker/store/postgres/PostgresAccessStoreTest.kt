package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.AccessStoreContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresAccessStoreTest : AccessStoreContract(::postgresStores)
