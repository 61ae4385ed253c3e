package dev.sesame.broker.access.passkey

import com.yubico.webauthn.AssertionRequest
import com.yubico.webauthn.FinishAssertionOptions
import com.yubico.webauthn.FinishRegistrationOptions
import com.yubico.webauthn.RelyingParty
import com.yubico.webauthn.data.AttestationConveyancePreference
import com.yubico.webauthn.data.AuthenticatorSelectionCriteria
import com.yubico.webauthn.data.PublicKeyCredentialCreationOptions
import com.yubico.webauthn.data.PublicKeyCredentialParameters
import com.yubico.webauthn.data.PublicKeyCredentialRequestOptions
import com.yubico.webauthn.data.RelyingPartyIdentity
import com.yubico.webauthn.data.ResidentKeyRequirement
import com.yubico.webauthn.data.UserIdentity
import com.yubico.webauthn.data.UserVerificationRequirement
import com.yubico.webauthn.exception.InvalidSignatureCountException
import dev.sesame.broker.access.Approver
import com.yubico.webauthn.data.ByteArray as Bytes

/** WebAuthn (W3C, level 3) at one place: what browsers are asked, and whether an answer holds. It keeps nothing and reads no store. */
internal class WebAuthn(private val place: PasskeyPlace) {
    private val identity = RelyingPartyIdentity.builder().id(place.rpId).name("Sesame").build()

    /** What `navigator.credentials.create` takes, as JSON: a key that names its person by itself, verifies them, and isn't among [known]. */
    fun creation(challenge: ByteArray, approver: Approver, known: List<Passkey>): String =
        creationOptions(challenge, approver, known).toCredentialsCreateJson()

    /** What `navigator.credentials.get` takes, as JSON: one of [allowed], or any of this host where that is empty. */
    fun request(challenge: ByteArray, allowed: List<Passkey>): String = requestOptions(challenge, allowed).toCredentialsGetJson()

    /** The passkey that [answer] brings, where it answers the challenge in it as [creation] asks; `null` where anything is amiss. */
    @Suppress("DEPRECATION") // as for proof
    fun added(answer: CreationAnswer, approver: Approver, known: List<Passkey>): AddedKey? = orNull {
        val asked = creationOptions(answer.challenge, approver, known)
        val result = party(KnownPasskeys(known)).finishRegistration(
            FinishRegistrationOptions.builder().request(asked).response(answer.credential).build(),
        )
        AddedKey(
            credentialId = result.keyId.id.base64Url,
            publicKey = result.publicKeyCose.base64Url,
            signatureCount = result.signatureCount,
            transports = answer.transports,
            isBackupEligible = result.isBackupEligible,
            isBackedUp = result.isBackedUp,
        )
    }

    /** Whether [answer] holds for [passkey] and the challenge in it. */
    @Suppress("DEPRECATION") // the backup flags: the library calls what is newer than level 2 experimental
    fun proof(answer: RequestAnswer, passkey: Passkey): Proof {
        val asked = AssertionRequest.builder()
            .publicKeyCredentialRequestOptions(requestOptions(answer.challenge, listOf(passkey)))
            .userHandle(userHandle(passkey.approverId))
            .build()
        return try {
            val result = party(KnownPasskeys(listOf(passkey)))
                .finishAssertion(FinishAssertionOptions.builder().request(asked).response(answer.credential).build())
            if (result.isSuccess && result.isUserVerified) Proof.Holds(result.signatureCount, result.isBackedUp) else Proof.Fails
        } catch (_: InvalidSignatureCountException) {
            Proof.WentBack
        } catch (problem: Exception) { // whatever the library makes of hostile bytes
            log.debug("A passkey's answer doesn't hold: {}", problem.javaClass.simpleName)
            Proof.Fails
        }
    }

    private fun party(known: KnownPasskeys) = RelyingParty.builder()
        .identity(identity)
        .credentialRepository(known)
        .origins(setOf(place.origin))
        .preferredPubkeyParams(algorithms)
        .attestationConveyancePreference(AttestationConveyancePreference.NONE)
        .allowOriginPort(false)
        .allowOriginSubdomain(false)
        .allowUntrustedAttestation(true)
        .validateSignatureCounter(true)
        .build()

    private fun creationOptions(challenge: ByteArray, approver: Approver, known: List<Passkey>): PublicKeyCredentialCreationOptions {
        val user = UserIdentity.builder().name(approver.name).displayName(approver.name).id(userHandle(approver.id)).build()
        val selection = AuthenticatorSelectionCriteria.builder()
            .residentKey(ResidentKeyRequirement.REQUIRED)
            .userVerification(UserVerificationRequirement.REQUIRED)
            .build()
        return PublicKeyCredentialCreationOptions.builder()
            .rp(identity)
            .user(user)
            .challenge(Bytes(challenge))
            .pubKeyCredParams(algorithms)
            .excludeCredentials(known.map { it.descriptor() }.toSet())
            .authenticatorSelection(selection)
            .attestation(AttestationConveyancePreference.NONE)
            .timeout(Purpose.ADD.life.toMillis())
            .build()
    }

    private fun requestOptions(challenge: ByteArray, allowed: List<Passkey>) = PublicKeyCredentialRequestOptions.builder()
        .challenge(Bytes(challenge))
        .rpId(place.rpId)
        .allowCredentials(allowed.map { it.descriptor() })
        .userVerification(UserVerificationRequirement.REQUIRED)
        .timeout(Purpose.SIGN_IN.life.toMillis())
        .build()

    private companion object {
        val algorithms =
            listOf(PublicKeyCredentialParameters.ES256, PublicKeyCredentialParameters.EdDSA, PublicKeyCredentialParameters.RS256)
    }
}

/** What a new passkey's device tells of it. */
internal class AddedKey(
    val credentialId: String,
    val publicKey: String,
    val signatureCount: Long,
    val transports: Set<String>,
    val isBackupEligible: Boolean,
    val isBackedUp: Boolean,
)

/** What an answer proves. */
internal sealed interface Proof {
    /** Its person was there and was verified, just now. */
    class Holds(val signatureCount: Long, val isBackedUp: Boolean) : Proof

    data object Fails : Proof

    /** All of it is right but the counter, which fell behind: a copy may be in use. */
    data object WentBack : Proof
}
