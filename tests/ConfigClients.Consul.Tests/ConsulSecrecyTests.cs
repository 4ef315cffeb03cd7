using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulSecrecyTests(ConsulFixture fixture) : SecrecyConformance(fixture), IClassFixture<ConsulFixture>;
