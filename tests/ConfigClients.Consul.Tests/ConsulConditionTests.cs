using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulConditionTests(ConsulFixture fixture) : ConditionConformance(fixture), IClassFixture<ConsulFixture>;
