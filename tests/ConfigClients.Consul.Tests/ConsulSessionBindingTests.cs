using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulSessionBindingTests(ConsulFixture fixture) : SessionBindingConformance(fixture), IClassFixture<ConsulFixture>;
