using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdDeleteTests(EtcdFixture fixture) : DeleteConformance(fixture), IClassFixture<EtcdFixture>;
