using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulWatchTests(ConsulFixture fixture) : WatchConformance(fixture), IClassFixture<ConsulFixture>;
