using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdCommitSizeTests(EtcdFixture fixture) : CommitSizeConformance(fixture), IClassFixture<EtcdFixture>;
