using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdWallClockTests(EtcdFixture fixture) : WallClockConformance(fixture), IClassFixture<EtcdFixture>;
