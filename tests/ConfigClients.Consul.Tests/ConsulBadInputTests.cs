using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulBadInputTests(ConsulFixture fixture) : BadInputConformance(fixture), IClassFixture<ConsulFixture>;
