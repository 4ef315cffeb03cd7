using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulWatchLoadTests(ConsulFixture fixture) : WatchLoadConformance(fixture), IClassFixture<ConsulFixture>;
