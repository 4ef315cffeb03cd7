using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdDisposalTests(EtcdFixture fixture) : DisposalConformance(fixture), IClassFixture<EtcdFixture>;
