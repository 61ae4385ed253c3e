package dev.sesame.broker.access.passkey

import com.yubico.webauthn.data.AuthenticatorAssertionResponse
import com.yubico.webauthn.data.AuthenticatorAttestationResponse
import com.yubico.webauthn.data.ClientAssertionExtensionOutputs
import com.yubico.webauthn.data.ClientRegistrationExtensionOutputs
import com.yubico.webauthn.data.PublicKeyCredential
import org.slf4j.LoggerFactory

/** What a browser says it made, read but not judged. */
internal class CreationAnswer private constructor(
    val credential: PublicKeyCredential<AuthenticatorAttestationResponse, ClientRegistrationExtensionOutputs>,
) {
    val challenge: ByteArray get() = credential.response.clientData.challenge.bytes
    val transports: Set<String> get() = credential.response.transports.map { it.id }.filter(::isTransport).take(MOST_TRANSPORTS).toSet()

    companion object {
        /** `null` where it can't be read, is too large, or attests more than was asked for. */
        fun read(json: String): CreationAnswer? = orNull {
            if (json.length > LONGEST_ANSWER) return@orNull null
            val credential = PublicKeyCredential.parseRegistrationResponseJson(json)
            CreationAnswer(credential).takeIf {
                credential.id.size() <= LONGEST_ID && credential.response.attestation.format in attestations
            }
        }

        /** Asked for none, browsers send none, or what the new key itself signed. */
        private val attestations = setOf("none", "packed")
        private const val MOST_TRANSPORTS = 6

        private fun isTransport(text: String) = Regex("[a-z-]{1,20}").matches(text)
    }
}

/** What a browser says that a passkey signed, read but not judged. */
internal class RequestAnswer private constructor(
    val credential: PublicKeyCredential<AuthenticatorAssertionResponse, ClientAssertionExtensionOutputs>,
) {
    val challenge: ByteArray get() = credential.response.clientData.challenge.bytes
    val credentialId: String get() = credential.id.base64Url

    /** Where nobody has said who is signing in, the passkey itself has to. */
    val namesItsPerson: Boolean get() = credential.response.userHandle.isPresent

    companion object {
        /** `null` where it can't be read or is too large. */
        fun read(json: String): RequestAnswer? = orNull {
            if (json.length > LONGEST_ANSWER) return@orNull null
            RequestAnswer(PublicKeyCredential.parseAssertionResponseJson(json)).takeIf { it.credential.id.size() <= LONGEST_ID }
        }
    }
}

/** The library throws of many kinds where bytes are hostile, and none of them is more than a no. */
internal fun <T> orNull(read: () -> T?): T? = try {
    read()
} catch (problem: Exception) {
    log.debug("A passkey's answer can't be read: {}", problem.javaClass.simpleName)
    null
}

internal val log = LoggerFactory.getLogger("dev.sesame.broker.access.passkey")!!

/** A real one has some hundred characters, with a certificate some thousand. */
private const val LONGEST_ANSWER = 16 * 1024

/** WebAuthn's own limit, in bytes. */
private const val LONGEST_ID = 1023
