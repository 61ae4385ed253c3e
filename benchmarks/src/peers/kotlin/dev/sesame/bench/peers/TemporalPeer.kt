package dev.sesame.bench.peers

import dev.sesame.bench.waits.Decider
import dev.sesame.bench.waits.Deciders
import dev.sesame.bench.waits.contextOf
import io.temporal.client.WorkflowClient
import io.temporal.client.WorkflowOptions
import io.temporal.serviceclient.Version
import io.temporal.testing.TestEnvironmentOptions
import io.temporal.testing.TestWorkflowEnvironment
import io.temporal.worker.WorkerFactoryOptions
import io.temporal.worker.WorkerOptions
import java.nio.file.Path
import java.time.Duration

/** Temporal's test server, in this JVM: its workflows wait for a signal. */
internal class TemporalPeer : Peer {
    /** A new one for each turn, with nothing on the disk. */
    override fun start(dir: Path) = Unit

    override fun describe(): List<String> = listOf(
        "its test server ${Version.LIBRARY_VERSION}, in this JVM, and not the product; time isn't skipped",
        "on disk: nothing; what the server holds is on the client's heap",
        "workflows on virtual threads; all of them stay in the worker's cache",
    )

    override fun begin(calls: Calls): Program = TemporalProgram(calls)

    override fun close() = Unit
}

private class TemporalProgram(private val calls: Calls) : Program {
    private val environment = TestWorkflowEnvironment.newInstance(
        TestEnvironmentOptions.newBuilder().setUseTimeskipping(false).setWorkerFactoryOptions(factoryOptions(calls.size)).build(),
    )
    private val client: WorkflowClient = environment.workflowClient
    override val server = null
    override val deciders = Deciders(List(Deciders.COUNT) { Signaller(client) })

    init {
        val worker = environment.newWorker(QUEUE, workerOptions())
        worker.registerWorkflowImplementationFactory(WaitingWorkflow::class.java) { Waiting(calls) }
        environment.start()
    }

    /** Returns when the server has the call; a workflow then begins. */
    override fun ask(index: Int) {
        val options = WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId("wait-$index").build()
        client.newUntypedWorkflowStub(WaitingWorkflow.TYPE, options).start(contextOf(index).toString())
    }

    /** Its server says nothing of that: what goes on longer than the bench lets it settle would be seen as slow first decisions. */
    override fun untilParked(count: Int) = Unit

    override fun serverBytes(): Double? = null

    override fun close() {
        deciders.close()
        environment.close()
    }

    private companion object {
        const val QUEUE = "bench"

        fun factoryOptions(calls: Int): WorkerFactoryOptions =
            WorkerFactoryOptions.newBuilder().setUsingVirtualWorkflowThreads(true).setWorkflowCacheSize(calls).build()

        /** Many at once are slow, and no reason to take workflows for stuck or to run them again from their history. */
        fun workerOptions(): WorkerOptions = WorkerOptions.newBuilder()
            .setUsingVirtualThreads(true)
            .setDefaultDeadlockDetectionTimeout(Duration.ofMinutes(1).toMillis())
            .setStickyQueueScheduleToStartTimeout(Duration.ofMinutes(1))
            .build()
    }
}

private class Signaller(private val client: WorkflowClient) : Decider {
    override fun decide(id: String, answer: String): Unit = client.newUntypedWorkflowStub(id).signal(WaitingWorkflow.DECIDE, answer)

    override fun close() = Unit
}
