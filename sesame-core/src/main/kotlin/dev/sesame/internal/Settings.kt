package dev.sesame.internal

import dev.sesame.InvalidRequestException
import dev.sesame.SesameConfig
import java.net.URI
import java.net.URISyntaxException

/** Where calls go and with which credential: explicit beats system property beats environment. It never prints the credential. */
internal class Settings(val credential: String, val brokerUrl: String) {
    override fun toString(): String = "Settings($brokerUrl)"

    companion object {
        private const val HOSTED = "https://getsesame.dev"
        private const val TEST_KEY = "sk_test_"
        private const val SELF_HOSTED = "sh_"

        fun forRequester(config: SesameConfig, lookup: Lookup = Lookup.Process): Settings {
            val key = config.apiKey ?: lookup.find("sesame.api.key", "SESAME_API_KEY")
                ?: throw bad("no API key: set SESAME_API_KEY, or Sesame { apiKey = … }")
            if (!key.startsWith("sk_")) throw bad("an API key starts with sk_: an approver's token doesn't belong in a program that asks")
            if (key.startsWith(TEST_KEY) && !config.allowTestMode) {
                throw bad(
                    "a key that starts with $TEST_KEY is for tests, where no person answers: use a live key, or set allowTestMode = true",
                )
            }
            val url = config.brokerUrl ?: lookup.find("sesame.broker.url", "SESAME_BROKER_URL")
            val isSelfHosted = key.substringAfter("sk_").substringAfter('_').startsWith(SELF_HOSTED)
            if (url == null && isSelfHosted) {
                throw bad(
                    "this API key is of a self-hosted broker: set SESAME_BROKER_URL to that broker's address, such as http://127.0.0.1:8700",
                )
            }
            return of(key, url ?: HOSTED, config.allowPlainHttp)
        }

        fun forApprover(token: String, brokerUrl: String?, allowPlainHttp: Boolean, lookup: Lookup = Lookup.Process): Settings {
            if (!token.startsWith("at_")) throw bad("an approver's token starts with at_: an API key never decides")
            return of(token, brokerUrl ?: lookup.find("sesame.broker.url", "SESAME_BROKER_URL") ?: HOSTED, allowPlainHttp)
        }

        private fun of(credential: String, url: String, allowPlainHttp: Boolean): Settings {
            if (credential.any {
                    it <= ' ' || it > '~'
                }
            ) {
                throw bad("the key or token holds a character that none has: look for a line break")
            }
            val uri = try {
                URI(url.trimEnd('/'))
            } catch (problem: URISyntaxException) {
                // Without the address, in which a password may stand.
                throw InvalidRequestException("the broker's address is none: ${problem.reason}", mapOf("brokerUrl" to problem.reason))
            }
            // RFC 3986, 3.1: schemes are compared without regard to case.
            val scheme = uri.scheme?.lowercase()
            when {
                '@' in uri.rawAuthority.orEmpty() ->
                    throw bad("the broker's address must hold no credentials: the key alone says who calls")

                uri.host == null || uri.rawQuery != null || uri.rawFragment != null ->
                    throw bad("the broker's address must be like https://host or http://127.0.0.1:8700")

                scheme == "https" -> Unit

                scheme != "http" -> throw bad("the broker's address must start with https:// or http://, not ${uri.scheme}:")

                !allowPlainHttp && !isLoopback(uri.host) ->
                    throw bad("plain http to ${uri.host} would show the key to everyone on the way: use https, or set allowPlainHttp")
            }
            return Settings(credential, scheme + uri.toString().drop(scheme.length))
        }

        // By name alone: resolving could answer anything.
        private fun isLoopback(host: String): Boolean =
            host == "localhost" || host == "[::1]" || Regex("127(\\.[0-9]{1,3}){3}").matches(host)

        private fun bad(message: String) = InvalidRequestException(message)
    }
}

/** An address for logs, before anybody has judged it: without what may hold a password or a token. */
internal fun withoutSecrets(url: String): String = url.substringBefore('?').substringBefore('#')
    .let { if ('@' in it) "…@" + it.substringAfterLast('@') else it }

/** Where settings are looked up. */
internal fun interface Lookup {
    fun find(property: String, variable: String): String?

    companion object {
        val Process =
            Lookup { property, variable ->
                listOf(System.getProperty(property), System.getenv(variable)).firstOrNull { !it.isNullOrBlank() }
            }
    }
}
