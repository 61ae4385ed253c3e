package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.PolicyStoreContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresPolicyStoreTest : PolicyStoreContract(::postgresStores)
