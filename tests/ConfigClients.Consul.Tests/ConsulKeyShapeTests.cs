using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulKeyShapeTests(ConsulFixture fixture) : KeyShapeConformance(fixture), IClassFixture<ConsulFixture>;
