using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulConfigurationTests(ConsulFixture fixture) : ConfigurationConformance(fixture), IClassFixture<ConsulFixture>;
