package dev.sesame.testing

import org.junit.jupiter.api.extension.AfterEachCallback
import org.junit.jupiter.api.extension.ExtensionContext
import org.junit.jupiter.api.extension.ParameterContext
import org.junit.jupiter.api.extension.ParameterResolver
import java.lang.reflect.Method

/**
 * For JUnit 5 and 6: gives each test that has a [FakeBroker] as a parameter one of its own (its `@BeforeEach` and `@AfterEach` get the same),
 * and closes it afterwards. A test that passed fails where it left something behind ([FakeBroker.assertNoLeaks]).
 */
public class FakeBrokerExtension :
    ParameterResolver,
    AfterEachCallback {
    /** Parameters of type [FakeBroker], of methods that belong to one test. */
    override fun supportsParameter(parameter: ParameterContext, context: ExtensionContext): Boolean =
        parameter.parameter.type == FakeBroker::class.java && parameter.declaringExecutable is Method && context.testMethod.isPresent

    /** The test's broker, made at first use. */
    override fun resolveParameter(parameter: ParameterContext, context: ExtensionContext): Any {
        val store = context.getStore(own)
        return store.get(KEY, FakeBroker::class.java) ?: FakeBroker().also { store.put(KEY, it) }
    }

    /** Looks for leaks, unless the test failed anyway, and closes the broker. */
    override fun afterEach(context: ExtensionContext) {
        context.getStore(own).remove(KEY, FakeBroker::class.java)?.use { broker ->
            if (context.executionException.isEmpty) broker.assertNoLeaks()
        }
    }

    private companion object {
        val own: ExtensionContext.Namespace = ExtensionContext.Namespace.create(FakeBrokerExtension::class.java)
        const val KEY = "broker"
    }
}
