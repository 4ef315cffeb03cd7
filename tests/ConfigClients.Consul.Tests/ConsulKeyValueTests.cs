using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulKeyValueTests(ConsulFixture fixture) : KeyValueConformance(fixture), IClassFixture<ConsulFixture>;
