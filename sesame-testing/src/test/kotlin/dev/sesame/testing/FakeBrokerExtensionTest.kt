package dev.sesame.testing

import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith

@ExtendWith(FakeBrokerExtension::class)
class FakeBrokerExtensionTest {
    private lateinit var before: FakeBroker

    @BeforeEach
    fun takesTheSameBroker(broker: FakeBroker) {
        before = broker
    }

    @AfterEach
    fun stillTheSame(broker: FakeBroker) {
        broker shouldBe before
    }

    @Test
    fun `a test gets a broker of its own`(broker: FakeBroker): Unit = runBlocking {
        broker shouldBe before
        broker.assertNothingAsked()
        broker.approver("ana").approvesAll()
        broker.sesame().approve("a") { "ran" } shouldBe "ran"
    }

    @Test
    fun `another one gets another`(broker: FakeBroker): Unit = runBlocking {
        broker.assertNothingAsked()
        broker.sesame().trigger("a").id shouldNotBe null
    }
}
