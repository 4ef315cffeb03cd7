using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdConditionTests(EtcdFixture fixture) : ConditionConformance(fixture), IClassFixture<EtcdFixture>;
