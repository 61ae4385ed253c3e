package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.DeliveryStoreContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresDeliveryStoreTest : DeliveryStoreContract(::postgresStores)
