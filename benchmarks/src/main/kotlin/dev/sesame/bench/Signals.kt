package dev.sesame.bench

/** Sends it SIG[name] by its id: `STOP`, `CONT`, `KILL`. */
internal fun Process.signal(name: String) = signal(listOf(pid()), name)

/** The same to all of [processes]; those that are gone by now are left out. */
internal fun signal(processes: List<Long>, name: String) {
    val there = processes.filter { id -> ProcessHandle.of(id).map { it.isAlive }.orElse(false) }
    check(there.isNotEmpty()) { "there is no process to send SIG$name to" }
    val sent = ProcessBuilder(listOf("kill", "-$name") + there.map { "$it" }).start().waitFor()
    check(sent == 0 || there.size > 1) { "process ${there.single()} can't be sent SIG$name" }
}
