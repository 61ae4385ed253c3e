package dev.sesame.testing

import io.kotest.core.spec.Spec
import kotlin.properties.ReadOnlyProperty

// Apart from the rest, since it needs Kotest.

/**
 * For Kotest: `val broker by fakeBroker()` in a spec is a broker of its own in each test, closed afterwards. A test that passed fails where it
 * left something behind ([FakeBroker.assertNoLeaks]). The tests of such a spec run one after another, as they do unless told otherwise.
 */
@JvmSynthetic
public fun Spec.fakeBroker(): ReadOnlyProperty<Any?, FakeBroker> {
    var current: FakeBroker? = null
    beforeEach { current = FakeBroker() }
    afterEach { (_, result) ->
        current?.use { broker -> if (result.isSuccess) broker.assertNoLeaks() }
        current = null
    }
    return ReadOnlyProperty { _, _ -> checkNotNull(current) { "there is a FakeBroker within a test only" } }
}
