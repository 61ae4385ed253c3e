package dev.sesame.checks.behaviour

/** A broker and the people behind it, started at first use and ended with this JVM: each scenario asks for an action of its own. */
internal enum class Place(start: () -> Standing) {
    FAKE({ StandingFake() }),
    REAL({ StandingBroker() }),
    ;

    private val standing by lazy(start)

    val url: String get() = standing.url
    val key: String get() = standing.key
    val people: People get() = standing.people
}

/** What stands there. */
internal interface Standing {
    val url: String
    val key: String
    val people: People
}
