package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.ApprovalForgetContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresApprovalForgetTest : ApprovalForgetContract(::postgresStores)
