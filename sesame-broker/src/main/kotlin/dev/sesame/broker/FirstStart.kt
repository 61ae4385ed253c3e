package dev.sesame.broker

import dev.sesame.Mode
import dev.sesame.broker.access.Role
import dev.sesame.broker.access.Secret
import java.nio.file.Files

/** Makes the credentials that a broker needs to be of use: those from the environment if they are not there yet, else own ones at the first start. */
internal class FirstStart(private val wiring: Wiring, private val dataDir: BrokerDirectory) {
    private var madeAdmin: String? = null

    /**
     * Those made just now with secrets of our own; they lie in files that only the owner reads.
     *
     * The file comes first: a start that ends in between makes them anew the next time, and no credential counts that nobody has.
     */
    suspend fun credentials(config: BrokerConfig): List<Credential> {
        val register = wiring.register
        config.bootstrapApproverToken?.let { if (register.addApprover(ADMIN, Role.ADMIN, it) == null) keepSecondAdmin(it) }
        config.bootstrapApiKey?.let { register.keep(REQUESTER, it, Mode.LIVE) }
        return buildList {
            if (!wiring.hasApprovers()) {
                val token = register.newToken()
                val file = dataDir.keepSecret(BrokerDirectory.ADMIN_TOKEN, token.clear)
                madeAdmin = register.addApprover(ADMIN, Role.ADMIN, token)?.first?.id
                // Where another broker on the same database made an admin meanwhile, this one's counts for nothing.
                if (madeAdmin == null) Files.delete(file) else add(Credential("admin's approver token", file, token))
            }
            if (!wiring.hasKeys()) {
                val key = register.newKey(Mode.LIVE)
                add(Credential("API key", dataDir.keepSecret(BrokerDirectory.API_KEY, key.clear), key))
                register.keep(REQUESTER, key, Mode.LIVE)
            }
            wiring.madeWebhookSecret?.let {
                val secret = Secret(it.reveal())
                add(Credential("webhook secret", dataDir.keepSecret(BrokerDirectory.WEBHOOK_SECRET, secret.clear), secret))
            }
        }
    }

    /** What signs the admin in who was made just now; once the broker's address is known. */
    suspend fun signInLink(): Credential? {
        val url = Secret(madeAdmin?.let { wiring.signInLink(it) } ?: return null)
        return Credential("admin's sign-in link, good for 15 minutes", dataDir.keepSecret(BrokerDirectory.SIGN_IN_LINK, url.clear), url)
    }

    /** The name is taken, by this very token (then nothing is to do) or by another one: a new admin beside the old. */
    private suspend fun keepSecondAdmin(token: Secret) {
        if (!wiring.knowsApprover(token)) wiring.register.addApprover("$ADMIN-${token.lastFour}", Role.ADMIN, token)
    }

    private companion object {
        const val ADMIN = "admin"
        const val REQUESTER = "default"
    }
}
