package dev.sesame.broker.store.further

import dev.sesame.broker.store.SessionStoreContract
import dev.sesame.broker.store.postgres.PostgresIsHere
import dev.sesame.broker.store.postgres.furtherStores
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class FurtherSessionStoreTest : SessionStoreContract(::furtherStores)
