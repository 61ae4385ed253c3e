package dev.sesame.checks.contract

internal class FakeBrokerContractTest : BrokerContract(::FakeUnderTest)
