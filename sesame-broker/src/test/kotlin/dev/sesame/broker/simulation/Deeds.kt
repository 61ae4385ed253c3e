package dev.sesame.broker.simulation

import dev.sesame.Answer
import dev.sesame.ExecutionState
import dev.sesame.broker.access.Approver
import dev.sesame.rules.Question
import kotlinx.coroutines.CoroutineScope
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.Duration

/** Everything that may begin to happen. */
internal class Deeds(private val world: World) {
    private val random = world.random

    fun begin(scope: CoroutineScope) {
        val worker = world.anyWorker()
        if (world.watch.ids.isEmpty() || random.nextInt(3) == 0) {
            val key = random.nextInt(KEYS)
            return world.turns.start(scope, worker) { Program(world, worker, key).run() }
        }
        val id = world.watch.ids.random(random)
        val node = world.anyNode()
        world.turns.start(scope, node.process) { node.call { act(id) } }
    }

    private suspend fun Node.act(id: String) {
        when (random.nextInt(20)) {
            0 -> cancel.cancel(id) { true }
            1 -> extend.extend(id, anybody(), Duration.ofMinutes(random.nextLong(1, 60))) { true }
            2 -> outcome.settle(id, anybody(), words.random(random), null) { true }
            3, 4, 5 -> world.leap(leaps.random(random))
            6, 7 -> expireDue.run()
            8 -> world.stores.access.revokeApprover(world.staff.people.random(random).id, world.clock.instant())
            9 -> world.staff.move(world.staff.people.random(random).id, groups.random(random), random.nextBoolean())
            10 -> world.killNode()
            11 -> world.killWorker()
            else -> vote(id)
        }
    }

    private suspend fun Node.vote(id: String) {
        val by = anybody()
        val answer = if (random.nextInt(8) == 0) Answer.DENY else Answer.APPROVE
        val context = edited(world.watch.find(id).question).takeIf { answer == Answer.APPROVE }
        val verdict = vote.cast(id, by, answer, "inbox", null, context) { true } ?: return
        if (verdict.refusal != null) return
        world.said.promised(id, "the vote of ${by.id} is kept") { record -> record.progress.votes.any { it.by.id == by.id } }
    }

    private fun edited(question: Question): JsonObject? {
        if (random.nextInt(3) != 0) return null
        return JsonObject(question.context + ("order" to JsonPrimitive("A-${random.nextInt(3)}")))
    }

    private fun anybody(): Approver = (world.staff.people + world.staff.owner).random(random)

    private companion object {
        const val KEYS = 4
        val groups = Staff.MEMBERS.keys.toList()
        val words = listOf(ExecutionState.FAILED, ExecutionState.SUCCEEDED, ExecutionState.UNKNOWN)

        /** Around what ends at some time; and a clock that is set back. */
        val leaps = listOf("PT1S", "PT9.999S", "PT59.999S", "PT60S", "PT300S", "PT600S", "-PT2S").map(Duration::parse)
    }
}
