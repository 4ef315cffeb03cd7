using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdCommitTests(EtcdFixture fixture) : CommitConformance(fixture), IClassFixture<EtcdFixture>;
