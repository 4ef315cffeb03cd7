using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulCommitSizeTests(ConsulFixture fixture) : CommitSizeConformance(fixture), IClassFixture<ConsulFixture>;
