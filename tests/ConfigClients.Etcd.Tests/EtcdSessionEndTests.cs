using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdSessionEndTests(EtcdFixture fixture) : SessionEndConformance(fixture), IClassFixture<EtcdFixture>;
