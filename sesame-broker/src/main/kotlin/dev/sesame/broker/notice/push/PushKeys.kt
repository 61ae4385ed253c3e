package dev.sesame.broker.notice.push

import com.interaso.webpush.VapidKeys
import dev.sesame.broker.access.CannotUnseal
import dev.sesame.broker.access.SecretBox
import dev.sesame.broker.store.AccessStore

/** The keys by which push services know this broker (RFC 8292), made at the first start. A browser takes messages of these keys alone. */
internal class PushKeys(
    private val access: AccessStore,
    private val box: SecretBox,
    private val make: () -> VapidKeys = VapidKeys::generate,
) {
    /**
     * Those that are kept. Where they were sealed with another key, new ones take their place if [keyIsNew], as after a restore without the
     * key: browsers then subscribe anew when their people visit. Else `CannotUnseal`: the right key may yet be brought.
     */
    suspend fun take(keyIsNew: Boolean): VapidKeys {
        val sealed = seal(make())
        val kept = access.ownSecret(NAME) { sealed }
        return try {
            open(kept)
        } catch (problem: CannotUnseal) {
            if (!keyIsNew) throw problem
            access.replaceOwnSecret(NAME, sealed)
            open(sealed)
        }
    }

    private fun seal(keys: VapidKeys): ByteArray = box.seal("${keys.x509PublicKey} ${keys.pkcs8PrivateKey}".toByteArray(), OWNER)

    private fun open(sealed: ByteArray): VapidKeys {
        val (public, private) = String(box.open(sealed, OWNER)).split(' ')
        return VapidKeys.create(public, private)
    }

    private companion object {
        const val NAME = "vapid-keys"
        const val OWNER = "web push"
    }
}
