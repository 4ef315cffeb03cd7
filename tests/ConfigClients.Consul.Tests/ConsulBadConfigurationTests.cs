using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulBadConfigurationTests(ConsulFixture fixture) : BadConfigurationConformance(fixture), IClassFixture<ConsulFixture>;
