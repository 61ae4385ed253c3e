package dev.sesame.bench

import dev.sesame.bench.growth.GrowthBench
import dev.sesame.bench.growth.GrowthPlan
import dev.sesame.bench.kill.KillBench
import dev.sesame.bench.kill.KillPlan
import dev.sesame.bench.notices.NoticesBench
import dev.sesame.bench.notices.NoticesPlan
import dev.sesame.bench.once.OnceBench
import dev.sesame.bench.once.OncePlan
import dev.sesame.bench.rates.RatesBench
import dev.sesame.bench.rates.RatesPlan
import dev.sesame.bench.verify.VerifyBench
import dev.sesame.bench.verify.VerifyPlan
import dev.sesame.bench.views.ViewsBench
import dev.sesame.bench.views.ViewsPlan
import dev.sesame.bench.waits.WaitsBench
import dev.sesame.bench.waits.WaitsPlan
import dev.sesame.bench.webhooks.WebhooksBench
import dev.sesame.bench.webhooks.WebhooksPlan
import java.nio.file.Files
import java.nio.file.Path
import kotlin.system.exitProcess

/** `bench waits`, `java`, `kill`, `once`, `verify`, …: prints what was measured; the exit code is 1 where anything was lost or ran twice. */
internal fun main(args: Array<String>) {
    val isGood = try {
        run(args.toList())
    } catch (wrong: IllegalArgumentException) {
        System.err.println("sesame: ${wrong.message}")
        exitProcess(2)
    }
    exitProcess(if (isGood) 0 else 1)
}

private fun run(args: List<String>): Boolean {
    val bench: (Path) -> Boolean = when (args.firstOrNull()) {
        "kill" -> KillPlan.of(Flags(args.drop(1), "--cycles", "--seed")).let { plan -> { scratch -> KillBench(plan, scratch).run() } }

        "once" -> OncePlan.of(Flags(args.drop(1), "--rounds", "--seconds", "--replicas", "--seed")).let { plan ->
            { scratch -> OnceBench(plan, scratch).run() }
        }

        "waits" -> WaitsPlan.of(Flags(args.drop(1), "--n", "--rounds")).let { plan -> { scratch -> WaitsBench(plan, scratch).run() } }

        "verify" -> VerifyPlan.of(Flags(args.drop(1), "--forks", "--iterations")).let { plan ->
            { scratch -> VerifyBench(plan, scratch).run() }
        }

        "webhooks" -> WebhooksPlan.of(Flags(args.drop(1), "--decisions", "--receivers", "--kills", "--seed")).let { plan ->
            { scratch -> WebhooksBench(plan, scratch).run() }
        }

        "java" -> ViewsPlan.of(Flags(args.drop(1), "--n", "--rounds")).let { plan -> { scratch -> ViewsBench(plan, scratch).run() } }

        "notices" -> NoticesPlan.of(Flags(args.drop(1), "--questions", "--streams", "--events", "--idle-seconds")).let { plan ->
            { scratch -> NoticesBench(plan, scratch).run() }
        }

        "rates" -> RatesPlan.of(Flags(args.drop(1), "--engines", "--callers", "--seconds", "--rounds")).let { plan ->
            { scratch -> RatesBench(plan, scratch).run() }
        }

        "growth" -> GrowthPlan.of(Flags(args.drop(1), "--stored", "--engines", "--calls", "--seed")).let { plan ->
            { scratch -> GrowthBench(plan, scratch).run() }
        }

        else -> throw IllegalArgumentException("bench takes $USAGE")
    }
    val scratch = Files.createTempDirectory(Files.createDirectories(Path.of(System.getProperty("sesame.bench.dir", "target"))), "bench-")
    val isGood = bench(scratch)
    if (isGood) scratch.toFile().deleteRecursively() else println("What was recorded, and the broker's data, stay in $scratch")
    return isGood
}

private const val USAGE = "waits [--n 1,100,10000] [--rounds 3], java [--n 10000] [--rounds 3], kill [--cycles 20] [--seed N], " +
    "once [--rounds 5] [--seconds 3600] [--replicas 2] [--seed N], " +
    "verify [--forks 2] [--iterations 4], webhooks [--decisions 2000] [--receivers 100] [--kills 3] [--seed N], " +
    "rates [--engines sqlite,postgres] [--callers 1,16,64] [--seconds 5] [--rounds 3], " +
    "growth [--stored 1000,100000,1000000] [--engines sqlite,postgres] [--calls 200] [--seed N], " +
    "or notices [--questions 60] [--streams 1000] [--events 50] [--idle-seconds 30]"
