using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdKeyValueTests(EtcdFixture fixture) : KeyValueConformance(fixture), IClassFixture<EtcdFixture>;
