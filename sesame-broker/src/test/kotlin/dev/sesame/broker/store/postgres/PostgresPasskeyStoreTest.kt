package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.PasskeyStoreContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresPasskeyStoreTest : PasskeyStoreContract(::postgresStores)
