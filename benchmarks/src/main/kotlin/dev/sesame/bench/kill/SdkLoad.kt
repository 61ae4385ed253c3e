package dev.sesame.bench.kill

import dev.sesame.AlreadyClaimedException
import dev.sesame.AlreadyExecutedException
import dev.sesame.Approval
import dev.sesame.ApprovalDeniedException
import dev.sesame.BrokerUnavailableException
import dev.sesame.ExecutionUnknownException
import dev.sesame.Sesame
import dev.sesame.SesameException
import dev.sesame.SesameListener
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds

/** A block behind a gate, and how often it started: the thing that must never happen twice. */
internal class Errand(val case: Case, val isAbandoned: Boolean) {
    val starts = AtomicInteger()
}

/** `approve { }` with dedup keys, in two clients like replicas of one service: some keys in both at once, some left and called again. */
internal class SdkLoad(url: String, key: String, private val ledger: Ledger, private val random: Random) : AutoCloseable {
    val errands = CopyOnWriteArrayList<Errand>()
    private val scope = CoroutineScope(Dispatchers.Default + SupervisorJob())
    private val underWay = AtomicInteger()
    private val hearing = object : SesameListener {
        override fun requested(approval: Approval) = ledger.askedBySdk(approval)
    }
    private val replicas = List(2) {
        Sesame {
            apiKey = key
            brokerUrl = url
            listener = hearing
        }
    }

    val isIdle: Boolean get() = underWay.get() == 0

    /** Begins errands until [count] are under way. */
    fun topUp(count: Int) {
        while (underWay.get() < count) begin()
    }

    override fun close() {
        replicas.forEach { it.close() }
    }

    private fun begin() {
        val case = Case("sdk-${errands.size}", bySdk = true).also { ledger.cases[it.dedupKey] = it }
        val errand = Errand(case, isAbandoned = random.nextInt(ABANDON_ONE_IN) == 0)
        errands += errand
        val who = if (random.nextInt(RIVALS_ONE_IN) == 0) replicas else listOf(replicas.random(random))
        val leaveAfter = random.nextLong(LONGEST_STAY_MS).milliseconds
        val lasting = random.nextLong(if (random.nextInt(LONG_ONE_IN) == 0) LONG_MS else SHORT_MS).milliseconds
        underWay.incrementAndGet()
        scope.launch {
            if (errand.isAbandoned) {
                val first = launch { call(who.first(), errand, rivals = true) { delay(lasting) } }
                delay(leaveAfter)
                first.cancelAndJoin()
            }
            coroutineScope { who.forEach { launch { call(it, errand, who.size > 1 || errand.isAbandoned) { delay(lasting) } } } }
        }.invokeOnCompletion { underWay.decrementAndGet() }
    }

    private suspend fun call(sesame: Sesame, errand: Errand, rivals: Boolean, work: suspend () -> Unit) {
        try {
            sesame.approve(
                Case.ACTION,
                context = buildJsonObject {
                    put("errand", errand.case.dedupKey)
                },
                dedupKey = errand.case.dedupKey,
            ) {
                started(errand, it.id)
                work()
            }
        } catch (denied: ApprovalDeniedException) {
            if ("deny" !in errand.case.sentAnswers) ledger.broken += "${errand.case}: ${denied.message}, but nobody said no"
        } catch (_: AlreadyClaimedException) {
            if (!rivals) ledger.broken += "${errand.case} is claimed by somebody, and there is nobody else"
        } catch (_: AlreadyExecutedException) {
            if (!rivals) ledger.broken += "${errand.case} was executed by somebody, and there is nobody else"
        } catch (_: ExecutionUnknownException) {
            if (!errand.isAbandoned) ledger.broken += "${errand.case} is unknown, and nobody left"
        } catch (_: BrokerUnavailableException) {
            call(sesame, errand, rivals = true, work)
        } catch (problem: SesameException) {
            ledger.broken += "${errand.case}: ${problem.javaClass.simpleName}: ${problem.message}"
        }
    }

    /** The driver's own record of the run, whatever the broker believes. */
    private fun started(errand: Errand, id: String) {
        val case = errand.case
        val count = errand.starts.incrementAndGet()
        if (count > 1) ledger.broken += "DOUBLE RUN: $case started $count times"
        if (case.id != id) ledger.broken += "$case ran under $id"
        if ("approve" !in case.sentAnswers) ledger.broken += "$case ran, and nobody said yes"
        if (case.stage == "denied") ledger.broken += "$case ran, and its denial was acknowledged"
    }

    private companion object {
        const val RIVALS_ONE_IN = 3
        const val ABANDON_ONE_IN = 8
        const val LONGEST_STAY_MS = 400L
        const val LONG_ONE_IN = 6
        const val LONG_MS = 1_500L
        const val SHORT_MS = 30L
    }
}
