using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulConvenienceTests(ConsulFixture fixture) : ConvenienceConformance(fixture), IClassFixture<ConsulFixture>;
