package dev.sesame.broker.store

import kotlin.time.Duration

/** A call of the database that has ended; [took] is what its caller waited. */
internal data class DatabaseCall(val isWrite: Boolean, val isGood: Boolean, val took: Duration)
