using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulDisposalTests(ConsulFixture fixture) : DisposalConformance(fixture), IClassFixture<ConsulFixture>;
