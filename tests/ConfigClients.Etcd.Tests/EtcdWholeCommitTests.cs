using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdWholeCommitTests(EtcdFixture fixture) : WholeCommitConformance(fixture), IClassFixture<EtcdFixture>;
