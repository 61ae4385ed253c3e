package dev.sesame

import org.slf4j.LoggerFactory
import kotlin.time.Duration

/** Hears what a client does. It is called on the caller's way: be quick, throw nothing. */
public interface SesameListener {
    /** [approval] was asked, or found to be asked already. */
    public fun requested(approval: Approval) {}

    /** A wait learned that [approval] ended. */
    public fun decided(approval: Approval) {}

    /** A call is tried again after [delay], because of [reason]. */
    public fun retried(reason: String, delay: Duration) {}

    /** What became of the run of [approval] could not be told to the broker; it will show there as unknown. */
    public fun unreported(approval: Approval, outcome: ExecutionState) {}

    /** Writes ids, actions and reasons to SLF4J at debug, and what was lost at warn; never a context. */
    public companion object Logging : SesameListener {
        private val log = LoggerFactory.getLogger("dev.sesame")

        override fun requested(approval: Approval): Unit = log.debug("requested {}", approval)

        override fun decided(approval: Approval): Unit = log.debug("decided {}", approval)

        override fun retried(reason: String, delay: Duration): Unit = log.debug("trying again in {}: {}", delay, reason)

        override fun unreported(approval: Approval, outcome: ExecutionState): Unit =
            log.warn("could not report {} as {}", approval, outcome)
    }
}
