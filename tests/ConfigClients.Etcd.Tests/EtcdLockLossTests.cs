using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdLockLossTests(EtcdFixture fixture) : LockLossConformance(fixture), IClassFixture<EtcdFixture>;
