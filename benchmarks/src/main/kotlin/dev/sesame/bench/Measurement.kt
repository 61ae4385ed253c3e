package dev.sesame.bench

import dev.sesame.bench.faults.FaultsBench
import dev.sesame.bench.faults.FaultsPlan
import dev.sesame.bench.growth.GrowthBench
import dev.sesame.bench.growth.GrowthPlan
import dev.sesame.bench.held.HeldBench
import dev.sesame.bench.held.HeldPlan
import dev.sesame.bench.kill.KillBench
import dev.sesame.bench.kill.KillPlan
import dev.sesame.bench.leaks.LeaksBench
import dev.sesame.bench.leaks.LeaksPlan
import dev.sesame.bench.notices.NoticesBench
import dev.sesame.bench.notices.NoticesPlan
import dev.sesame.bench.once.OnceBench
import dev.sesame.bench.once.OncePlan
import dev.sesame.bench.peers.PeersBench
import dev.sesame.bench.peers.PeersPlan
import dev.sesame.bench.rates.RatesBench
import dev.sesame.bench.rates.RatesPlan
import dev.sesame.bench.start.StartBench
import dev.sesame.bench.start.StartPlan
import dev.sesame.bench.verify.VerifyBench
import dev.sesame.bench.verify.VerifyPlan
import dev.sesame.bench.views.ViewsBench
import dev.sesame.bench.views.ViewsPlan
import dev.sesame.bench.waits.WaitsBench
import dev.sesame.bench.waits.WaitsPlan
import dev.sesame.bench.wake.WakeBench
import dev.sesame.bench.wake.WakePlan
import dev.sesame.bench.webhooks.WebhooksBench
import dev.sesame.bench.webhooks.WebhooksPlan
import java.nio.file.Path

/** What can be measured: a name, the options with what they are by themselves, and what makes a run of them. */
internal class Measurement(val name: String, val options: String, val of: (Flags) -> (Path) -> Boolean) {
    fun runOf(args: List<String>): (Path) -> Boolean = of(Flags(args, *option.findAll(options).map { it.value }.toList().toTypedArray()))

    override fun toString(): String = "$name $options"

    companion object {
        private val option = Regex("--[a-z-]+")

        val all: List<Measurement> = listOf(
            Measurement("waits", "[--n 1,100,10000] [--rounds 3]") { flags ->
                WaitsPlan.of(flags).let { plan -> { WaitsBench(plan, it).run() } }
            },
            Measurement("java", "[--n 10000] [--rounds 3]") { flags -> ViewsPlan.of(flags).let { plan -> { ViewsBench(plan, it).run() } } },
            Measurement("peers", "[--n 1,100,1000] [--rounds 3] [--sides sesame,restate,temporal] [--warm 2000]") { flags ->
                PeersPlan.of(flags).let { plan -> { PeersBench(plan, it).run() } }
            },
            Measurement("wake", "[--n 1,1000] [--mass 10000] [--singles 100] [--rounds 3]") { flags ->
                WakePlan.of(flags).let { plan -> { WakeBench(plan, it).run() } }
            },
            Measurement("held", "[--polls 10000] [--feeds-waits 50000] [--clients 1] [--idle-seconds 30] [--rounds 3]") { flags ->
                HeldPlan.of(flags).let { plan -> { HeldBench(plan, it).run() } }
            },
            Measurement("start", "[--rounds 5]") { flags -> StartPlan.of(flags).let { plan -> { StartBench(plan, it).run() } } },
            Measurement("rates", "[--engines sqlite,postgres] [--callers 1,16,64] [--seconds 5] [--rounds 3]") { flags ->
                RatesPlan.of(flags).let { plan -> { RatesBench(plan, it).run() } }
            },
            Measurement("growth", "[--stored 1000,100000,1000000] [--engines sqlite,postgres] [--calls 200] [--seed N]") { flags ->
                GrowthPlan.of(flags).let { plan -> { GrowthBench(plan, it).run() } }
            },
            Measurement("verify", "[--forks 2] [--iterations 4]") { flags ->
                VerifyPlan.of(flags).let { plan -> { VerifyBench(plan, it).run() } }
            },
            Measurement("webhooks", "[--decisions 2000] [--receivers 100] [--kills 3] [--seed N]") { flags ->
                WebhooksPlan.of(flags).let { plan -> { WebhooksBench(plan, it).run() } }
            },
            Measurement("notices", "[--questions 60] [--streams 1000] [--events 50] [--idle-seconds 30]") { flags ->
                NoticesPlan.of(flags).let { plan -> { NoticesBench(plan, it).run() } }
            },
            Measurement("kill", "[--cycles 20] [--seed N]") { flags -> KillPlan.of(flags).let { plan -> { KillBench(plan, it).run() } } },
            Measurement("once", "[--rounds 5] [--seconds 3600] [--replicas 2] [--seed N]") { flags ->
                OncePlan.of(flags).let { plan -> { OnceBench(plan, it).run() } }
            },
            Measurement("faults", "[--rounds 2] [--seed N]") { flags ->
                FaultsPlan.of(flags).let { plan -> { FaultsBench(plan, it).run() } }
            },
            Measurement("leaks", "[--cycles 100000] [--seed N]") { flags ->
                LeaksPlan.of(flags).let { plan -> { LeaksBench(plan, it).run() } }
            },
        )
    }
}
