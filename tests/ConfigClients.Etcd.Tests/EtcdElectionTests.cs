using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdElectionTests(EtcdFixture fixture) : ElectionConformance(fixture), IClassFixture<EtcdFixture>;
