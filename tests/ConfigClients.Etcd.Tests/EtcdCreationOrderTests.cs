using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdCreationOrderTests(EtcdFixture fixture) : CreationOrderConformance(fixture), IClassFixture<EtcdFixture>;
