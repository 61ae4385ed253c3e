package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.GroupStoreContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresGroupStoreTest : GroupStoreContract(::postgresStores)
