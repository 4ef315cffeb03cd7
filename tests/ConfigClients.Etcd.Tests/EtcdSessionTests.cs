using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdSessionTests(EtcdFixture fixture) : SessionConformance(fixture), IClassFixture<EtcdFixture>;
