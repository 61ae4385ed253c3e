package dev.sesame.broker

import dev.sesame.broker.access.Places
import dev.sesame.rules.Event
import dev.sesame.rules.Transition
import io.micrometer.core.instrument.Counter
import io.micrometer.core.instrument.Gauge
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics
import io.micrometer.core.instrument.binder.system.UptimeMetrics
import io.micrometer.prometheusmetrics.PrometheusConfig
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry

/** What an operator watches, in Prometheus' text form. No label holds what a requester wrote. */
internal class Metrics(heldPolls: Places, feeds: Places) {
    private val registry = PrometheusMeterRegistry(PrometheusConfig.DEFAULT)
    private val transitions: Map<Event, Counter> = Event.entries.associateWith {
        Counter.builder("sesame.transitions").description("What happened to approvals").tag("event", it.name.lowercase()).register(registry)
    }

    init {
        Gauge.builder("sesame.polls.held", heldPolls) { it.count.toDouble() }.description("Long polls held open").register(registry)
        Gauge.builder("sesame.feeds", feeds) { it.count.toDouble() }.description("Decision feeds held open").register(registry)
        JvmMemoryMetrics().bindTo(registry)
        JvmThreadMetrics().bindTo(registry)
        FileDescriptorMetrics().bindTo(registry)
        UptimeMetrics().bindTo(registry)
    }

    fun count(transition: Transition) {
        transitions.getValue(transition.event).increment()
    }

    fun scrape(): String = registry.scrape()
}
