package dev.sesame.broker.egress

import io.ktor.client.network.sockets.ConnectTimeoutException
import java.net.ConnectException
import java.net.NoRouteToHostException
import java.net.SocketException
import java.net.SocketTimeoutException
import java.net.UnknownHostException
import javax.net.ssl.SSLException
import javax.net.ssl.SSLHandshakeException
import javax.net.ssl.SSLPeerUnverifiedException

/** Why no answer came, in words for a person; nothing that the receiver sent is repeated in them. */
internal fun inWords(problem: Throwable): String = generateSequence(problem) { it.cause }.take(DEEPEST).firstNotNullOfOrNull(::knownWords)
    ?: "no answer that could be read (${problem.javaClass.simpleName})"

private fun knownWords(problem: Throwable): String? = when (problem) {
    is AddressRefused -> "not sent: ${problem.message}"
    is UnknownHostException -> "the host's name could not be resolved"
    is ConnectTimeoutException, is SocketTimeoutException -> "the receiver took too long"
    is ConnectException, is NoRouteToHostException -> "no connection: refused, or unreachable"
    is SSLPeerUnverifiedException -> "TLS: the certificate is for another host"
    is SSLHandshakeException -> "TLS: no handshake, or a certificate that is not trusted"
    is SSLException -> "TLS failed"
    is SocketException -> "the connection broke"
    else -> null
}

/** Causes may go in a circle. */
private const val DEEPEST = 5
