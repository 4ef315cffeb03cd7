using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdReadYourWritesTests(EtcdFixture fixture) : ReadYourWritesConformance(fixture), IClassFixture<EtcdFixture>;
