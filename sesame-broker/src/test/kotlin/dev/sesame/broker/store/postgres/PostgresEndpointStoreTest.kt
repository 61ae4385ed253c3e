package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.EndpointStoreContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresEndpointStoreTest : EndpointStoreContract(::postgresStores)
