using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulWatchManyTests(ConsulFixture fixture) : WatchManyConformance(fixture), IClassFixture<ConsulFixture>;
