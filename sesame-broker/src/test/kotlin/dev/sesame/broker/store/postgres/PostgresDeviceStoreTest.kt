package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.DeviceStoreContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresDeviceStoreTest : DeviceStoreContract(::postgresStores)
