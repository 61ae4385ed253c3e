package dev.sesame.checks.contract

internal class RealBrokerContractTest : BrokerContract(::RealUnderTest)
