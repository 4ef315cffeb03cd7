using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdLockTests(EtcdFixture fixture) : LockConformance(fixture), IClassFixture<EtcdFixture>;
