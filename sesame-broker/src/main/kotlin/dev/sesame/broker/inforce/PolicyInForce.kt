package dev.sesame.broker.inforce

import dev.sesame.broker.policy.Effect
import dev.sesame.broker.policy.Policy
import dev.sesame.broker.policy.PolicyBook
import dev.sesame.broker.policy.yaml.BadPolicy
import dev.sesame.broker.policy.yaml.PolicyText
import dev.sesame.broker.store.InForce
import dev.sesame.broker.store.PolicyStore
import dev.sesame.broker.store.SetPolicy
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.slf4j.LoggerFactory
import java.security.MessageDigest
import java.time.Instant
import java.time.InstantSource
import java.util.HexFormat

/**
 * The policy in force: that of the file, else that set by an admin, else none, under which people are asked about everything.
 *
 * What is wrong never comes into force: whatever was in force stays. The file wins wherever there is one.
 */
internal class PolicyInForce(
    private val file: PolicyFile,
    private val store: PolicyStore,
    private val clock: InstantSource,
    /** The channels that are switched on. */
    private val channels: Set<String>,
    private val changed: (PolicyChange) -> Unit,
) {
    /** What holds now. */
    @Volatile var standing: Standing = Standing(Policy.NONE, Origin.NONE, "", null, clock.instant())
        private set

    /** What was last refused, since the broker's start. */
    @Volatile var lastRefusal: PolicyRefusal? = null
        private set

    private var refused: SetPolicy? = null

    val book: PolicyBook get() = standing.book

    /** One comes into force after the other. */
    private val taking = Mutex()

    /** A right one that couldn't be told of in the audit yet. */
    private var untaken: ByteArray? = null

    /** Where the file is looked for. */
    val filePath: String get() = file.path.toString()

    /** What [start] reads, in words. */
    var startsFrom: String = filePath
        private set

    /** Reads what there is; [BadPolicy] or [NoPolicyFile] where it can't be taken. */
    suspend fun start() {
        val bytes = file.readNow()
        if (bytes != null) return takeFile(bytes)
        val set = store.policy()
        if (set != null) {
            startsFrom = "the admin API"
            standing = standing(PolicyText.parse(set.text.toByteArray()), Origin.API, set.text, set.setBy, set.setAt)
        }
        told(standing)
    }

    /** Looks at the file once more, and takes what has changed and is right. */
    suspend fun look() {
        val bytes = when (val seen = file.look()) {
            PolicyFile.Seen.Same -> untaken ?: return
            is PolicyFile.Seen.Unreadable -> return refuse(seen.problem)
            is PolicyFile.Seen.Changed -> seen.bytes
        }
        untaken = null
        if (standing.origin == Origin.FILE && sha256(bytes) == standing.sha256) {
            lastRefusal = lastRefusal?.copy(isOver = true)
            return
        }
        try {
            takeFile(bytes)
            changed(PolicyChange.TAKEN)
            log.info("The policy of {} is in force: {} rules", file.path, standing.policy.rules.size)
        } catch (problem: BadPolicy) {
            refuse(problem.message.orEmpty())
        }
    }

    /** Looks once more at what admins set, which may have been at another broker, and takes what is new, where no file holds. */
    suspend fun lookAtStore() {
        if (standing.origin == Origin.FILE) return
        val known = standing // before the reading: what comes in between is newer than what is read
        val set = store.policy() ?: return
        if (set == refused || (known.origin == Origin.API && known.since == set.setAt && known.text == set.text)) return
        try {
            val read = standing(PolicyText.parse(set.text.toByteArray()), Origin.API, set.text, set.setBy, set.setAt)
            taking.withLock {
                if (standing !== known) return // something came meanwhile: the next look sees
                standing = read
            }
            log.info("A policy set by {} at another broker is in force: {} rules", set.setBy, read.policy.rules.size)
        } catch (problem: BadPolicy) { // set by a broker that knows more
            refused = set
            log.error("The policy set by {} at another broker is refused, and what was in force stays: {}", set.setBy, problem.message)
        }
    }

    /** Takes [text] from an admin, to hold from now on and after restarts; [BadPolicy] where it is wrong, [FileWins] where a file holds. */
    suspend fun set(text: String, setBy: String) {
        val set = taking.withLock {
            if (standing.origin == Origin.FILE) throw FileWins(filePath)
            val set = standing(PolicyText.parse(text.toByteArray()), Origin.API, text, setBy, clock.instant())
            store.set(SetPolicy(text, setBy, set.since), set.policy.rules.size)
            set.also { standing = it }
        }
        changed(PolicyChange.TAKEN)
        log.info("A policy set by {} is in force: {} rules", setBy, set.policy.rules.size)
    }

    /** What isn't told of doesn't hold: it is tried again at the next look. */
    private suspend fun takeFile(bytes: ByteArray) {
        val read = standing(PolicyText.parse(bytes), Origin.FILE, bytes.decodeToString(), setBy = null, clock.instant())
        untaken = bytes
        taking.withLock {
            told(read)
            standing = read
        }
        untaken = null
        lastRefusal = lastRefusal?.copy(isOver = true)
    }

    /** A rule may name what is switched on later; until then, it tells fewer people than it says. */
    private fun standing(policy: Policy, origin: Origin, text: String, setBy: String?, since: Instant): Standing {
        val warnings = policy.rules.mapNotNull { rule ->
            val off = (rule.effect as? Effect.RequireApproval)?.terms?.channels.orEmpty() - channels
            if (off.isEmpty()) null else "the rule \"${rule.name}\" tells people over ${off.joinToString()}, which is switched off here"
        }
        warnings.forEach { log.warn("The policy of {}: {}", origin.name.lowercase(), it) }
        return Standing(policy, origin, text, setBy, since, warnings)
    }

    /** There being none is told of only where there was one. */
    private suspend fun told(standing: Standing) = store.tookForce(
        InForce(standing.origin.name.lowercase(), standing.sha256, standing.policy.rules.size),
        clock.instant(),
    )

    private fun refuse(problem: String) {
        lastRefusal = PolicyRefusal(clock.instant(), problem)
        changed(PolicyChange.REFUSED)
        log.error("The policy of {} is refused, and what was in force stays: {}", file.path, problem)
    }

    private companion object {
        val log = LoggerFactory.getLogger("dev.sesame.broker.policy")!!
    }
}

/** A policy that holds, and how it came to. */
internal class Standing(
    val policy: Policy,
    val origin: Origin,
    val text: String,
    val setBy: String?,
    val since: Instant,
    /** What of it has no effect here, as this broker is set up. */
    val warnings: List<String> = emptyList(),
) {
    val book = PolicyBook(policy)

    /** Of the text, by which two brokers are compared; `null` where there is none. */
    val sha256: String? = if (origin == Origin.NONE) null else sha256(text.toByteArray())
}

/** Where a policy comes from. */
internal enum class Origin { FILE, API, NONE }

/** Something that was to be the policy, and isn't; [isOver]: something right was taken since. */
internal data class PolicyRefusal(val at: Instant, val problem: String, val isOver: Boolean = false)

/** What became of a new policy, for the metrics. */
internal enum class PolicyChange { TAKEN, REFUSED }

/** There is a file, and it holds: what an admin sets would have no effect. */
internal class FileWins(path: String) : RuntimeException("the policy comes from the file $path: change that, or remove it and start anew")

private fun sha256(bytes: ByteArray): String = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
