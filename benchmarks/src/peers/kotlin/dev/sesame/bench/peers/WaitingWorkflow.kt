package dev.sesame.bench.peers

import io.temporal.workflow.SignalMethod
import io.temporal.workflow.Workflow
import io.temporal.workflow.WorkflowInterface
import io.temporal.workflow.WorkflowMethod
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** Waits until it is told of a decision. */
@WorkflowInterface
internal interface WaitingWorkflow {
    @WorkflowMethod(name = TYPE)
    fun ask(question: String)

    @SignalMethod(name = DECIDE)
    fun decide(answer: String)

    companion object {
        const val TYPE = "ask"
        const val DECIDE = "decide"
    }
}

/** What it does beside, telling [calls], is nothing that Temporal would have to know of: the bench never runs it a second time. */
internal class Waiting(private val calls: Calls) : WaitingWorkflow {
    private var answer: String? = null

    override fun ask(question: String) {
        val index = Json.parseToJsonElement(question).jsonObject.getValue("wait").jsonPrimitive.int
        calls.opened(index, Workflow.getInfo().workflowId)
        Workflow.await { answer != null }
        calls.goesOn(index)
    }

    override fun decide(answer: String) {
        this.answer = answer
    }
}
