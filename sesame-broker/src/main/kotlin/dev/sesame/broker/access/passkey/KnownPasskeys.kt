package dev.sesame.broker.access.passkey

import com.yubico.webauthn.CredentialRepository
import com.yubico.webauthn.RegisteredCredential
import com.yubico.webauthn.data.AuthenticatorTransport
import com.yubico.webauthn.data.PublicKeyCredentialDescriptor
import java.util.Optional
import com.yubico.webauthn.data.ByteArray as Bytes

/** The passkeys that one answer is judged by, read before: the library asks here and never waits. A user is called by the approver's id. */
internal class KnownPasskeys(private val known: List<Passkey>) : CredentialRepository {
    override fun getCredentialIdsForUsername(username: String): Set<PublicKeyCredentialDescriptor> =
        known.filter { it.approverId == username }.map { it.descriptor() }.toSet()

    override fun getUserHandleForUsername(username: String): Optional<Bytes> =
        Optional.ofNullable(known.firstOrNull { it.approverId == username }?.let { userHandle(it.approverId) })

    override fun getUsernameForUserHandle(userHandle: Bytes): Optional<String> =
        Optional.ofNullable(known.firstOrNull { userHandle(it.approverId) == userHandle }?.approverId)

    override fun lookup(credentialId: Bytes, userHandle: Bytes): Optional<RegisteredCredential> =
        Optional.ofNullable(lookupAll(credentialId).firstOrNull { it.userHandle == userHandle })

    override fun lookupAll(credentialId: Bytes): Set<RegisteredCredential> =
        known.filter { it.credentialId == credentialId.base64Url }.map { it.registered() }.toSet()
}

internal fun userHandle(approverId: String) = Bytes(approverId.toByteArray())

internal fun Passkey.descriptor(): PublicKeyCredentialDescriptor = PublicKeyCredentialDescriptor.builder()
    .id(Bytes.fromBase64Url(credentialId))
    .transports(transports.map(AuthenticatorTransport::of).toSet())
    .build()

@Suppress("DEPRECATION") // the backup flags: the library calls what is newer than level 2 experimental
private fun Passkey.registered(): RegisteredCredential = RegisteredCredential.builder()
    .credentialId(Bytes.fromBase64Url(credentialId))
    .userHandle(userHandle(approverId))
    .publicKeyCose(Bytes.fromBase64Url(publicKey))
    .signatureCount(signatureCount)
    .backupEligible(isBackupEligible)
    .backupState(isBackedUp)
    .build()
