using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulCommitTests(ConsulFixture fixture) : CommitConformance(fixture), IClassFixture<ConsulFixture>;
