package dev.sesame.broker.egress

import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit
import java.util.concurrent.ConcurrentHashMap

/** So many calls to one receiver at a time; further ones wait. A receiver that nobody calls takes no memory. */
internal class HostPlaces(private val limit: Int) {
    private class Places(limit: Int) {
        val free = Semaphore(limit)
        var users = 0
    }

    private val places = ConcurrentHashMap<String, Places>()
    val hosts: Int get() = places.size

    /** Runs [block] in a place of [host], as soon as there is one. */
    suspend fun <T> within(host: String, block: suspend () -> T): T {
        val mine = places.compute(host) { _, there -> (there ?: Places(limit)).apply { users++ } }!!
        try {
            return mine.free.withPermit { block() }
        } finally {
            places.compute(host) { _, there -> there?.apply { users-- }?.takeIf { it.users > 0 } }
        }
    }
}
