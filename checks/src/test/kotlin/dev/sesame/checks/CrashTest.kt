package dev.sesame.checks

import dev.sesame.AlreadyClaimedException
import dev.sesame.Sesame
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import java.nio.file.Path

/** The asking process dies; the same call again, in another process, goes on where it was. */
class CrashTest :
    FunSpec({
        val rig = Rig()
        afterSpec { rig.close() }

        test("killed while waiting: the same key finds the same question, and runs it once") {
            val worker = worker(rig, "crash.waiting")
            val id = rig.pending("crash.waiting").id
            worker.destroyForcibly().waitFor()
            coroutineScope {
                val again = async { rig.client().approve("crash.waiting", dedupKey = "crash.waiting") { it.id } }
                rig.person.approve(id)
                again.await() shouldBe id
            }
        }

        test("killed while running: nobody runs it again behind the dead one's back") {
            val worker = worker(rig, "crash.running")
            val id = rig.pending("crash.running").id
            rig.person.approve(id)
            eventually { worker.inputReader().readLine().takeIf { it == "running" } }
            worker.destroyForcibly().waitFor()
            shouldThrow<AlreadyClaimedException> { rig.client().approve("crash.running", dedupKey = "crash.running") { "ran twice" } }
        }
    })

private fun worker(rig: Rig, action: String): Process =
    ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "dev.sesame.checks.Worker", action)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .apply {
            environment()["CLASSPATH"] = System.getProperty("java.class.path")
            environment()["SESAME_API_KEY"] = rig.broker.apiKey
            environment()["SESAME_BROKER_URL"] = rig.broker.address
        }
        .start()

/** A process that asks for the action named by its argument, with that as the key, and never ends running it. */
internal object Worker {
    @JvmStatic
    fun main(args: Array<String>): Unit = runBlocking {
        Sesame().approve(args.single(), dedupKey = args.single()) {
            println("running")
            awaitCancellation()
        }
    }
}
