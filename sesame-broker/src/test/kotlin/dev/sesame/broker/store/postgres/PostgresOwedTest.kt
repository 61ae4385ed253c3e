package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.OwedContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresOwedTest : OwedContract(::postgresStores)
