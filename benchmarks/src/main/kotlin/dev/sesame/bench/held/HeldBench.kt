package dev.sesame.bench.held

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.waits.Box
import java.nio.file.Files
import java.nio.file.Path

/** How many polls are held, how many waits go over feeds of how many clients, how long each idle time is looked at, how often all are woken. */
internal class HeldPlan(
    val polls: Int = 10_000,
    val waits: Int = 50_000,
    val clients: Int = 1,
    val idleSeconds: Int = 30,
    val rounds: Int = 3,
    val looksAtPair: Boolean = true,
) {
    val inWords: String get() =
        "--polls $polls --feeds-waits $waits --clients $clients --idle-seconds $idleSeconds --rounds $rounds"

    companion object {
        fun of(flags: Flags): HeldPlan = HeldPlan().let {
            HeldPlan(
                flags.count("--polls", it.polls),
                flags.count("--feeds-waits", it.waits),
                flags.count("--clients", it.clients),
                flags.count("--idle-seconds", it.idleSeconds),
                flags.count("--rounds", it.rounds),
            )
        }
    }
}

/**
 * What it costs one broker to be waited at: long polls held for callers that are as cheap as can be, and waits over the feeds of SDK clients,
 * each beside what the bare engine costs; then what brokers use while nobody waits.
 *
 * Every wait is counted: one that is not told ends the run as failed.
 */
internal class HeldBench(private val plan: HeldPlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    /** Whether every wait was told. */
    fun run(): Boolean {
        // Else the threads that only the opening needed are still there while the waits are looked at.
        System.setProperty("kotlinx.coroutines.scheduler.keep.alive.sec", "2")
        say("bench held: ${plan.inWords}")
        say(Box(scratch).describe())
        say("broker and bare engine: ${fixedHeap.joinToString(" ")}; broker: ${BrokerProcess.limitsInWords}")
        val arePollsGood = within("polls") { PollsStage(plan, it, say).run() }
        val areFeedsGood = within("feeds") { FeedsStage(plan, it, say).run() }
        if (plan.looksAtPair) within("idle") { IdleStage(plan.idleSeconds, it, say).run() }
        say("load average after: ${Box.load()}")
        return arePollsGood && areFeedsGood
    }

    private fun <T> within(name: String, stage: (Path) -> T): T = stage(Files.createDirectory(scratch.resolve(name)))

    companion object {
        /** So that what is in use can be compared before and after. */
        val fixedHeap = listOf("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch")
    }
}
