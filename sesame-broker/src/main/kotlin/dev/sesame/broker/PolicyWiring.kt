package dev.sesame.broker

import dev.sesame.broker.access.AskingRate
import dev.sesame.broker.approval.JudgeByPolicy
import dev.sesame.broker.http.Callers
import dev.sesame.broker.http.PolicyRoutes
import dev.sesame.broker.inforce.NoPolicyFile
import dev.sesame.broker.inforce.PolicyFile
import dev.sesame.broker.inforce.PolicyInForce
import dev.sesame.broker.policy.yaml.BadPolicy
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.sql.SqlDatabase
import dev.sesame.broker.store.sql.SqlPolicyStore
import io.ktor.server.routing.Route
import kotlinx.coroutines.runBlocking
import java.time.InstantSource
import kotlin.time.TimeSource

/** The policy: where it comes from, what it says, and who is told of it. A policy that is wrong stops the start. */
internal class PolicyWiring(
    config: BrokerConfig,
    dataDir: BrokerDirectory,
    database: SqlDatabase,
    private val access: AccessStore,
    clock: InstantSource,
    metrics: Metrics,
) {
    private val isShared = config.database != null
    private val path = config.policyFile ?: dataDir.path.resolve(PolicyFile.NAME)
    private val file = PolicyFile(path, isRequired = config.policyFile != null, clock)
    private val inForce = PolicyInForce(file, SqlPolicyStore(database), clock, NoticeWiring.channels(config), metrics::count)

    val judge = JudgeByPolicy({ inForce.book }, clock)

    init {
        try {
            runBlocking { inForce.start() }
        } catch (problem: BadPolicy) {
            throw CannotStart("the policy of ${inForce.startsFrom} can't be taken: ${problem.message}", problem)
        } catch (problem: NoPolicyFile) {
            throw CannotStart("SESAME_POLICY_FILE: ${problem.message}", problem)
        }
        metrics.watchPolicy { inForce.standing.policy.rules.size }
    }

    /** Takes a changed file, or what an admin set at another broker, where it has changed and is right. */
    suspend fun look() {
        inForce.look()
        if (isShared) inForce.lookAtStore()
    }

    fun install(route: Route, callers: Callers, limits: Limits) {
        val rate = AskingRate(limits.opensPerSecond, limits.openBurst, TimeSource.Monotonic)
        PolicyRoutes(callers, access, judge, inForce, rate).install(route)
    }
}
