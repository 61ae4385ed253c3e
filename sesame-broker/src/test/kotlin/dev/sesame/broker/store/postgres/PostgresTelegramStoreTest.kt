package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.TelegramStoreContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresTelegramStoreTest : TelegramStoreContract(::postgresStores)
