package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.ApprovalListContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresApprovalListTest : ApprovalListContract(::postgresStores)
