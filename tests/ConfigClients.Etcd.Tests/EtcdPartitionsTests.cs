using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdPartitionsTests(EtcdFixture fixture) : PartitionsConformance(fixture), IClassFixture<EtcdFixture>;
