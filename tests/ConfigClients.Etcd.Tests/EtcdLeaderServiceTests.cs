using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdLeaderServiceTests(EtcdFixture fixture) : LeaderServiceConformance(fixture), IClassFixture<EtcdFixture>;
