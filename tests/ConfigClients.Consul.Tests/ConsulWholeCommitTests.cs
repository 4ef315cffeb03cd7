using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulWholeCommitTests(ConsulFixture fixture) : WholeCommitConformance(fixture), IClassFixture<ConsulFixture>;
