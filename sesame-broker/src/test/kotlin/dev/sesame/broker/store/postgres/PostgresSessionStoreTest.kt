package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.SessionStoreContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresSessionStoreTest : SessionStoreContract(::postgresStores)
