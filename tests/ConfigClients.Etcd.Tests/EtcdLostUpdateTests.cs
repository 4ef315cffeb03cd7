using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdLostUpdateTests(EtcdFixture fixture) : LostUpdateConformance(fixture), IClassFixture<EtcdFixture>;
