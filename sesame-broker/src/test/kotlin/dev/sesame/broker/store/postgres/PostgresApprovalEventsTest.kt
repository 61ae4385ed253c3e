package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.ApprovalEventsContract
import io.kotest.core.annotation.EnabledIf

@EnabledIf(PostgresIsHere::class)
internal class PostgresApprovalEventsTest : ApprovalEventsContract(::postgresStores)
