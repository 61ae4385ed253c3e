package dev.sesame.broker.access

import dev.sesame.broker.access.passkey.PasskeyPlace
import java.net.URI
import java.net.URISyntaxException

/** Where people reach this broker, and what follows from that for cookies and forms. */
internal class Site(publicUrl: String) {
    private val root = publicUrl.trimEnd('/')
    private val url = URI(root)
    private val host = url.host.orEmpty().lowercase()
    private val isHere = isLoopback(host)

    val isSecure = url.scheme.equals("https", ignoreCase = true)

    /** A session travels over https, or not beyond this machine. */
    val takesSignIns: Boolean get() = isSecure || isHere

    /** No other host and no plain connection can set one with this prefix (RFC 6265bis); over plain http there is none. */
    val cookieName: String get() = if (isSecure) "__Host-sesame" else "sesame"

    /** Where passkeys are made and used; `null` where they can't be: browsers want a name, over https or on their own machine. */
    val passkeyPlace: PasskeyPlace? get() {
        val name = if (isHere) LOCALHOST else host.takeUnless(::isAddress)
        if (name == null || !takesSignIns) return null
        val port = if (url.portOrUsual == usualPort(isSecure)) "" else ":${url.port}"
        return PasskeyPlace(name, "${url.scheme.lowercase()}://$name$port")
    }

    /** Whether a browser that sends [hostHeader] calls us so that a passkey works: on its own machine it may call us by an address. */
    fun isNamed(hostHeader: String?): Boolean = !isHere || hostHeader.orEmpty().substringBefore(':').equals(LOCALHOST, ignoreCase = true)

    /** The address of [path], as other programs are told it. */
    fun url(path: String): String = root + path

    /** What its person opens to sign in. */
    fun signInUrl(link: Secret): String = url("/sign-in/${link.clear}")

    /** The same for our own pages. */
    fun path(path: String): String = url.rawPath.orEmpty() + path

    /** Whether [origin], as browsers send it, is this site. This machine has several names. */
    fun isOwn(origin: String): Boolean {
        val other = parsed(origin) ?: return false
        val isSameHost = other.host.orEmpty().lowercase().let { it == host || (isHere && isLoopback(it)) }
        return isSameHost && other.scheme.equals(url.scheme, ignoreCase = true) && other.portOrUsual == url.portOrUsual
    }

    companion object {
        private const val LOCALHOST = "localhost"

        /** What is wrong with [publicUrl]; `null` where nothing is. */
        fun problem(publicUrl: String): String? {
            val url = parsed(publicUrl)
            return when {
                url == null || url.host == null -> "must be a URL with a host, such as https://approvals.example.com"
                url.scheme?.lowercase() !in setOf("http", "https") -> "must start with https:// or http://"
                url.rawQuery != null || url.rawFragment != null || url.rawUserInfo != null -> "must have no query, fragment or credentials"
                else -> null
            }
        }

        private fun parsed(text: String): URI? = try {
            URI(text)
        } catch (_: URISyntaxException) {
            null
        }

        /** A broker that listens everywhere is reached on its own machine, too. */
        private fun isLoopback(host: String): Boolean =
            host in setOf(LOCALHOST, "[::1]", "0.0.0.0", "[::]") || Regex("""127\.\d{1,3}\.\d{1,3}\.\d{1,3}""").matches(host)

        /** A name's last part never begins with a digit. */
        private fun isAddress(host: String): Boolean =
            ':' in host || host.trimEnd('.').substringAfterLast('.').firstOrNull()?.isDigit() != false

        private val URI.portOrUsual: Int get() = if (port >= 0) port else usualPort(scheme.equals("https", ignoreCase = true))

        private fun usualPort(isSecure: Boolean): Int = if (isSecure) 443 else 80
    }
}
