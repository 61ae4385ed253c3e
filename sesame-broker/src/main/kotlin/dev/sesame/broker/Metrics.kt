package dev.sesame.broker

import dev.sesame.Mode
import dev.sesame.broker.access.Places
import dev.sesame.broker.delivery.DeliveryState
import dev.sesame.broker.inforce.PolicyChange
import dev.sesame.broker.notice.NoticeState
import dev.sesame.broker.notice.push.PushChannel
import dev.sesame.broker.notice.telegram.TelegramChannel
import dev.sesame.rules.Event
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.Transition
import io.micrometer.core.instrument.Counter
import io.micrometer.core.instrument.Gauge
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics
import io.micrometer.core.instrument.binder.system.UptimeMetrics
import io.micrometer.prometheusmetrics.PrometheusConfig
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry
import java.time.Duration

/** What an operator watches, in Prometheus' text form. No label holds what a requester wrote. */
internal class Metrics(heldPolls: Places, feeds: Places, inboxStreams: Places) {
    private val registry = PrometheusMeterRegistry(PrometheusConfig.DEFAULT)
    private val transitions: Map<Mode, Map<Event, Counter>> = listOf(Mode.LIVE, Mode.TEST).associateWith { mode ->
        Event.entries.associateWith { event ->
            Counter.builder("sesame.transitions").description("What happened to approvals")
                .tag("event", event.name.lowercase()).tag("mode", mode.value).register(registry)
        }
    }

    private val attempts: Map<DeliveryState, Counter> = (DeliveryState.entries - DeliveryState.HELD).associateWith {
        Counter.builder("sesame.webhook.attempts").description("Attempts at webhooks, by what the delivery was then")
            .tag("then", it.name.lowercase()).register(registry)
    }

    private val notices: Map<Pair<String, NoticeState>, Counter> =
        CHANNELS.flatMap { channel -> NoticeState.entries.map { channel to it } }.associateWith { (channel, then) ->
            Counter.builder("sesame.notices").description("Attempts to tell approvers, by what the notice was then")
                .tag("channel", channel).tag("then", then.name.lowercase()).register(registry)
        }

    private val policies: Map<PolicyChange, Counter> = PolicyChange.entries.associateWith {
        Counter.builder("sesame.policy.changes").description("New policies, by whether they were taken")
            .tag("then", it.name.lowercase()).register(registry)
    }

    private val calls = Counter.builder("sesame.calls").description("Calls begun over HTTP; a poll or a stream is one").register(registry)

    private val problems: Map<ProblemCode, Counter> = ProblemCode.entries.associateWith {
        Counter.builder("sesame.problems").description("Calls that were answered with a problem, by its code")
            .tag("code", it.name.lowercase()).register(registry)
    }

    /** How the database does. */
    val database = DatabaseMetrics(registry)

    /** How many runs ended without a word, as counted last. */
    @Volatile var unknownRuns = 0

    /** How many deliveries wait for their time, as counted last. */
    @Volatile var pendingDeliveries = 0

    /** For how long the oldest of them has been owed, as seen last. */
    @Volatile var oldestDelivery: Duration = Duration.ZERO

    init {
        Gauge.builder("sesame.runs.unknown", this) { it.unknownRuns.toDouble() }
            .description("Runs of which nobody knows the outcome").register(registry)
        Gauge.builder("sesame.deliveries.oldest", this) { it.oldestDelivery.inSeconds() }
            .description("How long the oldest webhook has been owed").baseUnit("seconds").register(registry)
        Gauge.builder("sesame.deliveries.pending", this) { it.pendingDeliveries.toDouble() }
            .description("Webhooks that are still owed").register(registry)
        Gauge.builder("sesame.polls.held", heldPolls) { it.count.toDouble() }.description("Long polls held open").register(registry)
        Gauge.builder("sesame.feeds", feeds) { it.count.toDouble() }.description("Decision feeds held open").register(registry)
        Gauge.builder("sesame.inbox.streams", inboxStreams) { it.count.toDouble() }.description("Live inboxes held open").register(registry)
        JvmMemoryMetrics().bindTo(registry)
        JvmThreadMetrics().bindTo(registry)
        FileDescriptorMetrics().bindTo(registry)
        UptimeMetrics().bindTo(registry)
    }

    fun count(transition: Transition) {
        transitions.getValue(transition.after.question.mode).getValue(transition.event).increment()
    }

    fun countCall(): Unit = calls.increment()

    /** An attempt at a delivery was made, and that is [then] now. */
    fun count(then: DeliveryState) {
        attempts.getValue(then).increment()
    }

    /** An attempt to tell an approver over [channel] was made, and the notice is [then] now. */
    fun count(channel: String, then: NoticeState) {
        notices.getValue(channel to then).increment()
    }

    /** A new policy came, and that became of it. */
    fun count(change: PolicyChange) {
        policies.getValue(change).increment()
    }

    /** A call was answered with a problem. */
    fun count(code: ProblemCode) {
        problems.getValue(code).increment()
    }

    /** Whether this broker [does] now what one of those on its database does for all. */
    fun watchWork(does: () -> Boolean) {
        Gauge.builder("sesame.work.held", does) { if (it()) 1.0 else 0.0 }
            .description("1: this broker does the work that one does for all on its database")
            .strongReference(true)
            .register(registry)
    }

    /** How far this machine's clock is [ahead] of the one that judges. */
    fun watchClock(ahead: () -> Duration) {
        Gauge.builder("sesame.clock.offset", ahead) { it().inSeconds() }
            .description("How far this machine's clock is ahead of the database's; below 0: behind it")
            .baseUnit("seconds")
            .strongReference(true)
            .register(registry)
    }

    fun watchPolicy(rules: () -> Int) {
        Gauge.builder("sesame.policy.rules", rules) { it().toDouble() }
            .description("Rules in force")
            .strongReference(true)
            .register(registry)
    }

    fun scrape(): String = registry.scrape()

    private companion object {
        val CHANNELS = listOf(TelegramChannel.NAME, PushChannel.NAME)
        const val MILLIS = 1_000.0

        fun Duration.inSeconds(): Double = toMillis() / MILLIS
    }
}
