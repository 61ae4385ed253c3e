package dev.sesame.testing

import dev.sesame.Sesame
import dev.sesame.SesameConfig
import dev.sesame.testing.internal.Access
import dev.sesame.testing.internal.Account

/** A program that asks: it sees its own approvals alone, and of these a key only those of its mode. */
public class Requester internal constructor(
    private val access: Access,
    private val account: Account,
    private val make: (String, SesameConfig.() -> Unit) -> Sesame,
) {
    /** Its name, which people see. */
    public val name: String get() = account.name

    /** Its live key, `sk_live_sh_…`. */
    public val apiKey: String get() = account.liveKey

    /** Its test key, `sk_test_sh_…`. */
    public val testApiKey: String get() = account.testKey

    /** As [FakeBroker.sesame], for this requester. */
    @JvmOverloads
    public fun sesame(configure: SesameConfig.() -> Unit = {}): Sesame = make(apiKey, configure)

    /** From now on [owner] is the person behind what this program asks, and doesn't answer it themselves, unless [allowSelf]. */
    @JvmOverloads
    public fun ownedBy(owner: Approver, allowSelf: Boolean = false): Unit = access.own(account, owner.member, allowSelf)

    /** For logs: never a key. */
    override fun toString(): String = "Requester($name)"
}
