using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdKeyShapeTests(EtcdFixture fixture) : KeyShapeConformance(fixture), IClassFixture<EtcdFixture>;
