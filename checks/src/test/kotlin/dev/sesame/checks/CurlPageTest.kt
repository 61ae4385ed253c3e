package dev.sesame.checks

import dev.sesame.Approval
import dev.sesame.Approvers
import dev.sesame.ExecutionState
import dev.sesame.Sesame
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.exists
import kotlin.io.path.readLines
import kotlin.io.path.writeText
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

class CurlPageTest :
    FunSpec({
        val folder = tempdir().toPath()
        val running = lazy { BrokerProcess.start(folder.resolve("data")) }
        val broker by running
        afterSpec { if (running.isInitialized()) broker.close() }

        test("the script of docs/curl.md deploys once after a yes, says so, and not again when it is run again") {
            needTools("bash", "curl", "jq")
            val deployment = Deployment(folder.resolve("approved"), broker)
            deployment.run { approvers, id -> approvers.approve(id) } shouldBe 0
            deployment.done shouldHaveSize 1
            deployment.approval().execution.shouldNotBeNull().state shouldBe ExecutionState.SUCCEEDED

            deployment.runAlone() shouldBe 0
            deployment.said shouldContain "already"
            deployment.done shouldHaveSize 1
        }

        test("the script deploys nothing after a no, tells the note, and fails") {
            needTools("bash", "curl", "jq")
            val deployment = Deployment(folder.resolve("denied"), broker)
            deployment.run { approvers, id -> approvers.deny(id, note = "not on a Friday") } shouldBe 1
            deployment.said shouldContain "not on a Friday"
            deployment.done.shouldBeEmpty()
        }

        test("a deployment that fails is reported as unknown, and not tried again before somebody looked") {
            needTools("bash", "curl", "jq")
            val deployment = Deployment(folder.resolve("failing"), broker, release = "exit 7")
            deployment.run { approvers, id -> approvers.approve(id) } shouldBe 3
            deployment.approval().execution.shouldNotBeNull().state shouldBe ExecutionState.UNKNOWN
            deployment.runAlone() shouldBe 3
            deployment.done shouldHaveSize 1
        }

        test("the script deploys nothing where its broker is none, and where nobody answers in time") {
            needTools("bash", "curl", "jq")
            Deployment(folder.resolve("strange"), broker, address = "${broker.address}/healthz?").run {
                runAlone() shouldBe 1
                done.shouldBeEmpty()
            }
            Deployment(folder.resolve("silent"), broker, patience = 0).run {
                runAlone() shouldBe 2
                done.shouldBeEmpty()
            }
        }
    })

/** One folder with the page's script and a release that only writes a line. */
private class Deployment(
    private val folder: Path,
    private val broker: BrokerProcess,
    release: String = "exit 0",
    private val address: String = broker.address,
    private val patience: Int = 120,
) {
    private val script = folder.createDirectories().resolve("deploy.sh")
    private val version = folder.fileName.toString()
    var said: String = ""

    init {
        script.writeText(scriptOfPage())
        val releaseScript = folder.resolve("release.sh")
        releaseScript.writeText("#!/bin/sh\necho \"\$1 \$2\" >>done.txt\n$release\n")
        check(releaseScript.toFile().setExecutable(true))
    }

    /** What was released, one line each time. */
    val done: List<String> get() = folder.resolve("done.txt").let { if (it.exists()) it.readLines() else emptyList() }

    suspend fun run(answer: suspend (Approvers, String) -> Unit): Int = start().use { command ->
        Approvers(broker.adminToken) { brokerUrl = broker.address }.use { approvers ->
            val asked = eventually(30.seconds) { approvers.pending().first { it.context?.get("version").toString() == "\"$version\"" } }
            answer(approvers, asked.id)
        }
        end(command)
    }

    fun runAlone(): Int = start().use(::end)

    suspend fun approval(): Approval = Sesame {
        apiKey = broker.apiKey
        brokerUrl = broker.address
    }.use { sesame -> sesame.approvals().toList().single { it.dedupKey.orEmpty().endsWith("/$version/1") } }

    private fun end(command: RunningCommand): Int = command.await(atMost = 2.minutes).also { said = command.output }

    private fun start() = RunningCommand(
        listOf("bash", script.toString(), "shop", version),
        folder,
        mapOf("SESAME_BROKER_URL" to address, "SESAME_API_KEY" to broker.apiKey, "DEPLOY_PATIENCE" to "$patience"),
    )
}

private fun scriptOfPage(): String {
    val page = SourceTree.files.single { it.path == "docs/curl.md" }
    return Document(page).snippets.single { it.language == "bash" }.lines.joinToString("\n", postfix = "\n")
}
