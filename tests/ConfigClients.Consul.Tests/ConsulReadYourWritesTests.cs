using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulReadYourWritesTests(ConsulFixture fixture) : ReadYourWritesConformance(fixture), IClassFixture<ConsulFixture>;
